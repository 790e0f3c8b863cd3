//! `error.type` of calls: the status code, or a low-cardinality word for the reason why there is no response.

use std::error::Error;
use std::io;

use crate::http::error_type::ErrorType;

/// The most sources that are looked at: an error can be its own source.
const MOST_SOURCES: usize = 32;

/// The error type of a call; `None` if it did not fail. For a client every 4xx and 5xx is an error
/// ([status](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status)).
pub(crate) fn call_error(status: Option<u16>, class: Option<&'static str>) -> Option<ErrorType> {
    match (class, status) {
        (Some(class), _) => Some(ErrorType::Class(class)),
        (None, Some(status)) if status >= 400 => Some(ErrorType::Status(status)),
        (None, _) => None,
    }
}

/// The `error.type` of the first I/O error with a telling kind in the chain of sources: `connection_refused`,
/// `timeout`, and so on. `None` if there is none.
///
/// ```
/// use std::io::{Error, ErrorKind};
/// use otel_core::http::error_type_of;
///
/// let refused = Error::from(ErrorKind::ConnectionRefused);
/// assert_eq!(error_type_of(&refused), Some("connection_refused"));
/// assert_eq!(error_type_of(&Error::other(refused)), Some("connection_refused"));
/// ```
#[must_use]
pub fn error_type_of(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut error = error;
    for _ in 0..MOST_SOURCES {
        error = match error.downcast_ref::<io::Error>() {
            None => error.source()?,
            Some(error) => match error.get_ref() {
                // An I/O error that only wraps another error has no kind of its own.
                Some(inner) if error.kind() == io::ErrorKind::Other => inner,
                _ => return io_error_type(error.kind()),
            },
        };
    }
    None
}

/// The `error.type` for a kind of I/O error; `None` for kinds without one.
#[must_use]
pub fn io_error_type(kind: io::ErrorKind) -> Option<&'static str> {
    use io::ErrorKind as Kind;
    Some(match kind {
        Kind::ConnectionRefused => "connection_refused",
        Kind::ConnectionReset => "connection_reset",
        Kind::ConnectionAborted => "connection_aborted",
        Kind::HostUnreachable => "host_unreachable",
        Kind::NetworkUnreachable => "network_unreachable",
        Kind::NetworkDown => "network_down",
        Kind::AddrNotAvailable => "address_not_available",
        Kind::PermissionDenied => "permission_denied",
        Kind::NotConnected => "not_connected",
        Kind::BrokenPipe => "broken_pipe",
        Kind::TimedOut => "timeout",
        Kind::UnexpectedEof => "unexpected_eof",
        Kind::InvalidData => "invalid_data",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_begin_at_400_and_a_failure_counts_more_than_a_status() {
        for (status, class, expected) in [
            (Some(200), None, None),
            (Some(302), None, None),
            (Some(400), None, Some("400")),
            (Some(503), None, Some("503")),
            (None, Some("timeout"), Some("timeout")),
            (Some(200), Some("unexpected_eof"), Some("unexpected_eof")),
            (None, None, None),
        ] {
            assert_eq!(call_error(status, class).map(ErrorType::text).as_deref(), expected);
        }
    }

    #[test]
    fn the_innermost_io_error_is_found() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let wrapped = io::Error::other(io::Error::other(refused));
        assert_eq!(error_type_of(&wrapped), Some("connection_refused"));
        assert_eq!(error_type_of(&io::Error::other("message")), None);
        assert_eq!(error_type_of(&std::fmt::Error), None);
    }
}
