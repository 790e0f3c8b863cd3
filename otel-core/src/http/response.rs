//! Facts of a response, or of a request without one.

use super::headers::HeaderLookup;
use opentelemetry::KeyValue;
use std::fmt;
use std::sync::Arc;

/// Facts of a response head.
#[derive(Clone)]
pub struct ResponseFacts<'a> {
    /// The status code that is sent.
    pub status: u16,
    /// The route template that matched, in the framework's syntax. `None` if no route matched.
    pub route: Option<Arc<str>>,
    /// The message of the error, if the response came from an error of a handler or a middleware.
    pub error: Option<String>,
    /// The headers. `&()` for none.
    pub headers: &'a dyn HeaderLookup,
    /// Attributes that the application adds to the request's metrics.
    pub labels: &'a [KeyValue],
}

impl ResponseFacts<'_> {
    /// A response with this status code and no other facts.
    #[must_use]
    pub fn with_status(status: u16) -> Self {
        Self { status, route: None, error: None, headers: &(), labels: &[] }
    }
}

impl fmt::Debug for ResponseFacts<'_> {
    /// Leaves out headers, which may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFacts")
            .field("status", &self.status)
            .field("route", &self.route)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// The reason why a request got no response, or only a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The handler panicked.
    Panic,
    /// The request or the rest of its response was cancelled: by a lost connection, a timeout, or the end of the server.
    Cancelled,
    /// The response body failed midway.
    Body {
        /// The name of the error's type.
        error_type: &'static str,
    },
}

impl Failure {
    /// The value of `error.type`.
    pub(super) fn class(&self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::Cancelled => "cancelled",
            Self::Body { error_type } => error_type,
        }
    }
}
