//! Facts of HTTP requests, under the names that they have in `otel_core::http`.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;

use crate::hooks;

/// Headers.
pub trait HeaderLookup {
    /// The first line of a header; `name` is in lower case.
    fn first(&self, name: &str) -> Option<&[u8]>;

    /// Calls `visitor` with the name and value of each line.
    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8]));
}

/// No headers.
impl HeaderLookup for () {
    fn first(&self, _: &str) -> Option<&[u8]> {
        None
    }

    fn visit<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
}

/// Protocol version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// `0.9`
    Http09,
    /// `1.0`
    Http10,
    /// `1.1`
    Http11,
    /// `2`
    Http2,
    /// `3`
    Http3,
}

/// Facts of a request that is about to be sent, borrowed.
#[derive(Clone, Copy)]
pub struct ClientRequestFacts<'a> {
    /// The method, case kept.
    pub method: &'a str,
    /// The scheme of the URL.
    pub scheme: &'a str,
    /// The authority of the URL.
    pub authority: &'a str,
    /// The path of the URL as it is sent.
    pub path: &'a str,
    /// The query of the URL without `?`, if there is one.
    pub query: Option<&'a str>,
    /// The path with its variable parts as placeholders, if the application knows it.
    pub template: Option<&'a str>,
    /// How often this request was sent before.
    pub resend_count: u32,
    /// Size of the request body in bytes, if it is known.
    pub body_size: Option<u64>,
    /// The headers, before the trace context is injected.
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
        f.debug_struct("ClientRequestFacts").field("method", &self.method).finish_non_exhaustive()
    }
}

/// Facts of a response head that arrived.
#[derive(Clone, Copy)]
pub struct ClientResponseFacts<'a> {
    /// The status code.
    pub status: u16,
    /// Protocol version of the response.
    pub version: HttpVersion,
    /// The other end of the connection, if the library knows it.
    pub peer: Option<SocketAddr>,
    /// The authority of the URL that was answered, if the library may have followed redirects.
    pub authority: Option<&'a str>,
    /// The headers.
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
        f.debug_struct("ClientResponseFacts").field("status", &self.status).finish_non_exhaustive()
    }
}

/// One word for the I/O error that an error consists of or comes from.
#[must_use]
pub fn error_type_of(error: &(dyn Error + 'static)) -> Option<&'static str> {
    hooks::get().and_then(|hooks| (hooks.error_type_of)(error))
}

/// One word for a kind of I/O errors.
#[must_use]
pub fn io_error_type(kind: io::ErrorKind) -> Option<&'static str> {
    hooks::get().and_then(|hooks| (hooks.io_error_type)(kind))
}
