//! `error.type` of requests by `awc`.

use std::io::ErrorKind;

use actix_http::error::PayloadError;
use awc::error::{ConnectError, SendRequestError};
use otel_core::http::{error_type_of, io_error_type};

/// One word for the reason why there is no response.
pub(super) fn error_type(error: &SendRequestError) -> &'static str {
    match error {
        SendRequestError::Timeout => "timeout",
        SendRequestError::Connect(error) => connect_error_type(error),
        SendRequestError::Send(error) => io_error_type(error.kind()).unwrap_or("send"),
        SendRequestError::Url(_) => "invalid_url",
        SendRequestError::Response(_) => "invalid_response",
        SendRequestError::H2(_) => "http2",
        SendRequestError::Body(_) => "request_body",
        _ => "_OTHER",
    }
}

fn connect_error_type(error: &ConnectError) -> &'static str {
    match error {
        ConnectError::Timeout => "timeout",
        ConnectError::Resolver(_) | ConnectError::NoRecords | ConnectError::Unresolved => "name_not_resolved",
        ConnectError::SslIsNotSupported => "tls",
        ConnectError::H2(_) => "http2",
        ConnectError::Disconnected => "connection_closed",
        // Before there is a connection, only a TLS handshake receives data.
        ConnectError::Io(error) if error.kind() == ErrorKind::InvalidData => "tls",
        ConnectError::Io(error) => error_type_of(error).unwrap_or("connect"),
        _ => "connect",
    }
}

/// One word for the reason why a response body broke off.
pub(super) fn payload_error_type(error: &PayloadError) -> &'static str {
    match error {
        PayloadError::Incomplete(None) => "unexpected_eof",
        PayloadError::Incomplete(Some(error)) | PayloadError::Io(error) => {
            io_error_type(error.kind()).unwrap_or("response_body")
        }
        PayloadError::Http2Payload(_) => "http2",
        _ => "response_body",
    }
}
