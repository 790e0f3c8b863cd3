//! What the conventions need to know of how a request was answered.

use std::sync::Arc;

/// Facts of a response head.
#[derive(Clone, Debug, Default)]
pub struct ResponseFacts {
    /// The status code that is sent.
    pub status: u16,
    /// The route template that matched, in the framework's own syntax; `None` when none did.
    pub route: Option<Arc<str>>,
    /// Message of the error that the handler or a middleware answered with, when it did.
    pub error: Option<String>,
}

/// Why a request got no response, or only a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The handler panicked.
    Panic,
    /// The request or the rest of its response was given up: connection lost, time-out, server stop.
    Cancelled,
    /// The response body failed midway.
    Body {
        /// Name of the error's type.
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
