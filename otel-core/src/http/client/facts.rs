//! Facts of an outgoing request and of its response, borrowed from their heads.

use std::fmt;
use std::net::SocketAddr;

use crate::http::{HeaderLookup, HttpVersion};

/// Facts of a request that is about to be sent, borrowed.
///
/// ```
/// use otel_core::http::ClientRequestFacts;
///
/// let mut facts = ClientRequestFacts::new("GET", "https", "example.com:8443", "/users/42");
/// facts.query = Some("verbose=1");
/// facts.template = Some("/users/{id}");
/// assert_eq!(facts.resend_count, 0);
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ClientRequestFacts<'a> {
    /// The method, case kept.
    pub method: &'a str,
    /// The scheme of the URL: `http` or `https`.
    pub scheme: &'a str,
    /// The authority of the URL: `host`, `host:port`. Credentials before an `@` are never recorded.
    pub authority: &'a str,
    /// The path of the URL as it is sent.
    pub path: &'a str,
    /// The query of the URL without `?`, if there is one.
    pub query: Option<&'a str>,
    /// The path with its variable parts as placeholders, such as `/users/{id}`, if the application knows it: `url.template`
    /// and part of the span's name. It has to be of low cardinality.
    pub template: Option<&'a str>,
    /// How often this request was sent before: 1 for the first redirect or retry, `http.request.resend_count`.
    pub resend_count: u32,
    /// Size of the request body in bytes, if it is known. Recorded where the settings ask for sizes.
    pub body_size: Option<u64>,
    /// The headers, before the trace context is injected. `&()` for none.
    pub headers: &'a dyn HeaderLookup,
}

impl<'a> ClientRequestFacts<'a> {
    /// The facts that every request has; the others are absent.
    #[must_use]
    pub fn new(method: &'a str, scheme: &'a str, authority: &'a str, path: &'a str) -> Self {
        let (query, template, body_size) = (None, None, None);
        Self { method, scheme, authority, path, query, template, resend_count: 0, body_size, headers: &() }
    }
}

impl fmt::Debug for ClientRequestFacts<'_> {
    /// Leaves out headers, authority and query, which may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientRequestFacts")
            .field("method", &self.method)
            .field("scheme", &self.scheme)
            .field("path", &self.path)
            .field("template", &self.template)
            .field("resend_count", &self.resend_count)
            .finish_non_exhaustive()
    }
}

/// Facts of a response head that arrived.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ClientResponseFacts<'a> {
    /// The status code.
    pub status: u16,
    /// Protocol version of the response.
    pub version: HttpVersion,
    /// The other end of the connection, if the library knows it.
    pub peer: Option<SocketAddr>,
    /// The authority of the URL that was answered, if the library may have followed redirects: the peer is recorded only if it
    /// is the one of the request.
    pub authority: Option<&'a str>,
    /// The headers. `&()` for none.
    pub headers: &'a dyn HeaderLookup,
}

impl<'a> ClientResponseFacts<'a> {
    /// The facts that every response has; the others are absent.
    #[must_use]
    pub fn new(status: u16, version: HttpVersion) -> Self {
        Self { status, version, peer: None, authority: None, headers: &() }
    }

    /// The same with headers.
    #[must_use]
    pub fn with_headers(self, headers: &'a dyn HeaderLookup) -> Self {
        Self { headers, ..self }
    }
}

impl fmt::Debug for ClientResponseFacts<'_> {
    /// Leaves out headers, which may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientResponseFacts")
            .field("status", &self.status)
            .field("version", &self.version)
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}
