//! The reason why an attempt failed, in a few words for the operator.

use std::error::Error;
use std::fmt;
use std::io;

use http::Uri;

use super::observed::FirstBytes;
use crate::exporter::cause::innermost;

/// An attempt without an answer.
///
/// Its text never contains the endpoint or a header: both may hold credentials.
#[derive(Debug)]
pub(super) struct AttemptFailure {
    reason: String,
    /// `true` if another attempt may succeed.
    pub(super) is_temporary: bool,
    /// `true` if the connection was closed before an answer began, which on a kept connection is no failure yet.
    pub(super) was_closed: bool,
}

impl AttemptFailure {
    /// A failure that another attempt would repeat.
    pub(super) fn lasting(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_temporary: false, was_closed: false }
    }

    /// A failure that may be over by the next attempt.
    pub(super) fn temporary(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_temporary: true, was_closed: false }
    }

    /// A connection that could not be made.
    pub(super) fn of_connecting(error: &io::Error) -> Self {
        #[cfg(feature = "_tls")]
        if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return Self::of_tls(error);
        }
        Self::temporary(innermost(error))
    }

    #[cfg(feature = "_tls")]
    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidMessage(_) => {
                Self::lasting("TLS is not spoken there: set an endpoint that starts with http://")
            }
            rustls::Error::InvalidCertificate(_) => Self::lasting(error.to_string()),
            _ => Self::temporary(error.to_string()),
        }
    }

    /// A request without an answer on an open connection to `endpoint`; `received` are the bytes that came back.
    pub(super) fn of_exchange(error: &hyper::Error, received: &FirstBytes, endpoint: &Uri) -> Self {
        let was_closed = error.is_canceled() || error.is_closed() || error.is_incomplete_message();
        let closed_by_grpc = error.is_incomplete_message() && endpoint.port_u16() == Some(4317);
        let mistake = received.get().and_then(mistaken_protocol).or(closed_by_grpc.then_some(HTTP_2));
        match mistake {
            Some(mistake) => Self::lasting(mistake),
            None => Self { was_closed, ..Self::temporary(innermost(error)) },
        }
    }
}

impl fmt::Display for AttemptFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Error for AttemptFailure {}

const HTTP_2: &str = "HTTP/2 is spoken there, as for gRPC: set OTEL_EXPORTER_OTLP_PROTOCOL=grpc, or the port of \
                      OTLP/HTTP, usually 4318";
const TLS: &str = "TLS is spoken there: set an endpoint that starts with https://";

/// Recognises a server of another protocol by the first bytes that it sent.
fn mistaken_protocol(received: &[u8]) -> Option<&'static str> {
    match received {
        // A TLS alert record (RFC 8446, section 5.1).
        [21, 3, ..] => Some(TLS),
        // A frame of the connection, SETTINGS or GOAWAY (RFC 9113, section 4.1).
        [_, _, _, 4 | 7, _, 0, 0, 0, 0, ..] => Some(HTTP_2),
        _ => None,
    }
}

/// The advice that goes with an answer that refuses an export.
pub(super) fn advice(status: http::StatusCode, body: &[u8]) -> Option<&'static str> {
    match status.as_u16() {
        // The answer of servers in Go, the OpenTelemetry Collector among them.
        400 if body.starts_with(b"Client sent an HTTP request to an HTTPS server") => Some(TLS),
        401 | 403 => Some("are the credentials in OTEL_EXPORTER_OTLP_HEADERS right?"),
        404 | 405 => Some(
            "is the path right? OTEL_EXPORTER_OTLP_ENDPOINT gets the path of each signal appended, the variable of a \
             signal is used as it is",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_are_recognised_by_their_first_bytes() {
        assert_eq!(mistaken_protocol(&[21, 3, 1, 0, 2, 2, 70]), Some(TLS));
        assert_eq!(mistaken_protocol(&[0, 0, 18, 4, 0, 0, 0, 0, 0]), Some(HTTP_2));
        assert_eq!(mistaken_protocol(&[0, 0, 8, 7, 0, 0, 0, 0, 0]), Some(HTTP_2));
        for other in [&b"HTTP/1.1 "[..], b"", &[21], &[0, 0, 18, 4], b"SSH-2.0-O"] {
            assert_eq!(mistaken_protocol(other), None, "{other:?}");
        }
    }
}
