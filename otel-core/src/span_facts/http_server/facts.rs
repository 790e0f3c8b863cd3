//! The facts that are kept of a request until its span is exported.

use std::net::SocketAddr;

use opentelemetry::KeyValue;

use super::super::texts::TextRange;
use crate::http::HttpVersion;
use crate::http::error_type::ErrorType;
use crate::http::settings::HttpSettings;

/// Facts of every request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HttpServerFacts {
    pub(super) settings: &'static HttpSettings,
    /// `None` for a method that the settings do not know: it is `other_method`.
    pub(super) method: Option<&'static str>,
    pub(super) scheme: &'static str,
    pub(super) version: HttpVersion,
    pub(super) peer: Option<SocketAddr>,
    pub(super) other_method: TextRange,
    pub(super) path: TextRange,
    pub(super) query: TextRange,
    pub(super) authority: TextRange,
    pub(super) user_agent: TextRange,
    pub(super) route: TextRange,
    /// `None` if there was no response.
    pub(super) status: Option<u16>,
    /// How many attributes the application had set when the response came.
    pub(super) app_attributes_before_response: u32,
}

/// Facts of few requests: they take heap memory, or few settings ask for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct RareHttpServerFacts {
    /// The request headers that the settings ask for.
    pub(super) request_headers: Vec<(Box<str>, Box<[u8]>)>,
    /// The response headers that the settings ask for, as attributes.
    pub(crate) response_headers: Vec<KeyValue>,
    /// The server's end of the connection; only the older conventions need it.
    pub(super) local: Option<SocketAddr>,
    pub(crate) error_type: Option<ErrorType>,
    /// Size of the request body in bytes, if it is known and the settings ask for it.
    pub(crate) request_body: Option<u64>,
    /// Size of the response body in bytes, likewise.
    pub(crate) response_body: Option<u64>,
}

impl RareHttpServerFacts {
    pub(crate) const NONE: Self = Self {
        request_headers: Vec::new(),
        response_headers: Vec::new(),
        local: None,
        error_type: None,
        request_body: None,
        response_body: None,
    };
}
