//! `error.type` of requests through services whose errors may be of any type.

use std::any::{Any, type_name};
use std::error::Error;

use otel_core::http::error_type_of;

/// The `error.type` of any error: that of an I/O error in its chain, else the name of its type.
pub(super) fn error_type<E: 'static>(error: &E) -> &'static str {
    known_error_type(error).unwrap_or_else(|| type_name::<E>())
}

fn known_error_type(error: &dyn Any) -> Option<&'static str> {
    type Boxed = Box<dyn Error + Send + Sync>;
    if let Some(error) = error.downcast_ref::<Boxed>() {
        return error_type_of(&**error);
    }
    error.downcast_ref::<std::io::Error>().and_then(|error| error_type_of(error))
}
