//! Facts of requests and responses of the `http` crate.

use http::{HeaderMap, Response, Uri};
use otel_core::http::{ClientRequestFacts, ClientResponseFacts};

use crate::http_version::http_version;

/// Facts of a request.
pub(super) fn request_facts<'a>(method: &'a str, uri: &'a Uri, headers: &'a HeaderMap) -> ClientRequestFacts<'a> {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let mut facts = ClientRequestFacts::new(method, uri.scheme_str().unwrap_or("http"), authority, uri.path());
    facts.query = uri.query();
    facts.headers = headers;
    facts
}

/// Facts of a response.
pub(super) fn response_facts<B>(response: &Response<B>) -> ClientResponseFacts<'_> {
    let version = http_version(response.version());
    ClientResponseFacts::new(response.status().as_u16(), version).with_headers(response.headers())
}
