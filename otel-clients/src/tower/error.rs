//! `error.type` of requests through services whose errors may be of any type.

use std::any::{Any, type_name};
use std::error::Error;

use hyper_util::client::legacy::Error as HyperError;
use otel_core::formatted::displayed;
use otel_core::http::error_type_of;

use crate::hyper_error::{is_resolver_error, sources};

/// An error of any type, as most layers of `tower` return it.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// The `error.type` of any error: one word for its cause, or else the name of its type.
pub(super) fn error_type<E: 'static>(error: &E) -> &'static str {
    known_error_type(error).unwrap_or_else(|| type_name::<E>())
}

fn known_error_type(error: &dyn Any) -> Option<&'static str> {
    if let Some(error) = error.downcast_ref::<BoxError>() {
        return error_type_in_chain(&**error);
    }
    if let Some(error) = error.downcast_ref::<HyperError>() {
        return error_type_in_chain(error);
    }
    error.downcast_ref::<std::io::Error>().and_then(|error| error_type_of(error))
}

/// One word for the cause of an error, from the error or one of its sources. `None` if none of them has a known cause.
pub(super) fn error_type_in_chain(error: &(dyn Error + 'static)) -> Option<&'static str> {
    match error_type_of(error) {
        // Before there is a connection, only a TLS handshake receives data.
        Some("invalid_data") if is_connect_error(error) => Some("tls"),
        Some(word) => Some(word),
        None if is_resolver_error(error) => Some("name_not_resolved"),
        None if is_timeout(error) => Some("timeout"),
        None => None,
    }
}

fn is_connect_error(error: &(dyn Error + 'static)) -> bool {
    sources(error).filter_map(|error| error.downcast_ref::<HyperError>()).any(HyperError::is_connect)
}

/// Returns `true` for the time-outs of `tonic` and `tower`. Their types are those of crates that not every user has.
fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    has_message(error, "Timeout expired") || has_message(error, "request timed out")
}

/// Returns `true` if this is the message of the error, or of one of its sources.
pub(super) fn has_message(error: &(dyn Error + 'static), message: &str) -> bool {
    sources(error).any(|error| displayed(error) == message)
}
