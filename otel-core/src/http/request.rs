//! Facts of a request, borrowed from its head.

use super::headers::HeaderLookup;
use std::fmt;
use std::net::SocketAddr;

/// Version of the HTTP protocol, `network.protocol.version`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

impl HttpVersion {
    /// The value of `network.protocol.version`: `1.0`, `1.1`, `2`, `3`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http09 => "0.9",
            Self::Http10 => "1.0",
            Self::Http11 => "1.1",
            Self::Http2 => "2",
            Self::Http3 => "3",
        }
    }
}

/// Facts of a request head, borrowed.
///
/// ```
/// use otel_core::http::{HttpVersion, RequestFacts};
///
/// let facts = RequestFacts {
///     method: "GET",
///     path: "/users/42",
///     query: Some("verbose=1"),
///     scheme: "http",
///     authority: Some(b"localhost:8080"),
///     peer: None,
///     local: None,
///     version: HttpVersion::Http11,
///     headers: &(),
/// };
/// assert_eq!(facts.version.as_str(), "1.1");
/// ```
#[derive(Clone, Copy)]
pub struct RequestFacts<'a> {
    /// The method as sent, case kept.
    pub method: &'a str,
    /// The path of the request target as sent: not decoded, not normalised.
    pub path: &'a str,
    /// The query of the request target without `?`, when there is one.
    pub query: Option<&'a str>,
    /// `http` or `https`: how the server was reached.
    pub scheme: &'static str,
    /// `:authority`, or the authority of an absolute request target; as sent. `None` if the `Host` header counts.
    pub authority: Option<&'a [u8]>,
    /// The other end of the connection.
    pub peer: Option<SocketAddr>,
    /// This end of the connection, as far as the server knows it.
    pub local: Option<SocketAddr>,
    /// Protocol version of the request.
    pub version: HttpVersion,
    /// The headers. `&()` for none.
    pub headers: &'a dyn HeaderLookup,
}

impl<'a> RequestFacts<'a> {
    /// The authority: the request target's, else the `Host` header.
    #[inline]
    pub(crate) fn authority(&self) -> Option<&'a [u8]> {
        self.authority.or_else(|| self.headers.host())
    }

    /// Size of the request body in bytes, if the request announces it.
    pub(crate) fn body_size(&self) -> Option<u64> {
        str::from_utf8(self.headers.first("content-length")?).ok()?.parse().ok()
    }
}

impl fmt::Debug for RequestFacts<'_> {
    /// Leaves out headers, which may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestFacts")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("scheme", &self.scheme)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
