//! `error.type` of requests by `reqwest`.

use otel_core::http::error_type_of;

use super::reqwest::Error;
use crate::hyper_error::is_resolver_error;

/// One word for the reason why there is no response, or why it broke off.
pub(crate) fn error_type(error: &Error) -> &'static str {
    if error.is_timeout() {
        return "timeout";
    }
    if let Some(word) = error_type_of(error) {
        // Before there is a connection, only a TLS handshake receives data.
        return if error.is_connect() && word == "invalid_data" { "tls" } else { word };
    }
    if error.is_connect() {
        // The other errors of connecting come from the resolver, whose error type is private.
        if is_resolver_error(error) { "name_not_resolved" } else { "connect" }
    } else if error.is_redirect() {
        "redirect"
    } else if error.is_builder() {
        "invalid_request"
    } else if error.is_body() || error.is_decode() {
        "response_body"
    } else {
        "_OTHER"
    }
}
