//! `error.type`: the reason why a request failed, as one of few words.

use super::response::Failure;
use std::borrow::Cow;

/// The value of `error.type`, the same on spans and metrics.
///
/// A failure without a response, or one that cut a response off, is named by its class; a response that reports a failure is
/// named by its status code. Messages are never used, because their number has no bound
/// ([`error.type`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ErrorType {
    /// A failure other than a response.
    Class(&'static str),
    /// The status code of a response.
    Status(u16),
}

impl ErrorType {
    /// The error type of a request. `None` if it did not fail.
    pub(crate) fn of(status: Option<u16>, failure: Option<&Failure>) -> Option<Self> {
        match (failure, status) {
            (Some(failure), _) => Some(Self::Class(failure.class())),
            (None, Some(status)) if is_server_error(status) => Some(Self::Status(status)),
            (None, _) => None,
        }
    }

    /// The value of the attribute.
    pub(crate) fn text(self) -> Cow<'static, str> {
        match self {
            Self::Class(class) => Cow::Borrowed(class),
            Self::Status(status) => Cow::Owned(status.to_string()),
        }
    }
}

/// Returns `true` for 5xx. For a server, 4xx is an error of the client
/// ([status](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status)).
fn is_server_error(status: u16) -> bool {
    status >= 500
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_have_a_type() {
        for (status, failure, expected) in [
            (Some(200), None, None),
            (Some(404), None, None),
            (Some(499), None, None),
            (Some(500), None, Some("500")),
            (Some(503), None, Some("503")),
            (None, Some(Failure::Panic), Some("panic")),
            (None, Some(Failure::Cancelled), Some("cancelled")),
            // The response failed midway, although its status code means success.
            (Some(200), Some(Failure::Cancelled), Some("cancelled")),
            (Some(200), Some(Failure::Body { error_type: "std::io::Error" }), Some("std::io::Error")),
        ] {
            assert_eq!(ErrorType::of(status, failure.as_ref()).map(ErrorType::text).as_deref(), expected);
        }
    }
}
