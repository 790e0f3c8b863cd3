//! Facts of requests and responses of the `http` crate.

use http::Response;
use http::header::{HOST, HeaderMap};
use http::uri::{Authority, Uri};
use otel_core::http::{ClientRequestFacts, ClientResponseFacts};

use crate::http_version::http_version;

/// Facts of a request. Where its URI is only a path, as a connection without a pool sends it, `Host` names the server.
pub(super) fn request_facts<'a>(method: &'a str, uri: &'a Uri, headers: &'a HeaderMap) -> ClientRequestFacts<'a> {
    let host = || headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = uri.authority().map(Authority::as_str).or_else(host).unwrap_or_default();
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
