//! The head of an actix-web request as [`RequestFacts`].

use crate::headers::Headers;
use actix_web::dev::{AppConfig, RequestHead};
use actix_web::http::Version;
use otel_core::http::{HttpVersion, RequestFacts};

/// Borrows the facts of a request. It does not use `connection_info()`, which trusts the `Forwarded` headers of any
/// client.
#[inline]
pub(crate) fn request_facts<'a>(
    head: &'a RequestHead,
    headers: &'a Headers<'a>,
    config: &AppConfig,
) -> RequestFacts<'a> {
    RequestFacts {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query(),
        scheme: if config.secure() { "https" } else { "http" },
        // `:authority` of HTTP/2 and the authority of an absolute target are part of the URI, and take precedence over
        // `Host`: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
        authority: head.uri.authority().map(|authority| authority.as_str().as_bytes()),
        peer: head.peer_addr,
        // actix-web invents a local address for Unix domain sockets, which have no peer address.
        local: head.peer_addr.map(|_| config.local_addr()),
        version: version(head.version),
        headers,
    }
}

fn version(version: Version) -> HttpVersion {
    match version {
        Version::HTTP_09 => HttpVersion::Http09,
        Version::HTTP_10 => HttpVersion::Http10,
        Version::HTTP_2 => HttpVersion::Http2,
        Version::HTTP_3 => HttpVersion::Http3,
        // `Version` is not exhaustive; every other version of actix-http is HTTP/1.1.
        _ => HttpVersion::Http11,
    }
}
