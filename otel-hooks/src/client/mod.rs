//! Outgoing calls. The application's copies of `awc`, `reqwest` and `sqlx-core` contain the files of `otel-clients`, which
//! use these types under the names that they have in `otel_core::client`.

mod database;
mod http;

use std::any::Any;

pub use database::{DatabaseCall, DatabaseSpan, within_query};
pub use http::{HttpCall, HttpClientSpan, RequestHeaders};

/// While it lives, the span of a call is current on this thread.
#[derive(Debug)]
#[must_use = "the span is current until this is dropped"]
pub struct Attached {
    _guard: Option<Box<dyn Any>>,
}

impl Attached {
    /// Wraps a guard of the runtime.
    pub fn new(guard: impl Any) -> Self {
        Self { _guard: Some(Box::new(guard)) }
    }

    /// Changes nothing.
    pub(crate) const fn nothing() -> Self {
        Self { _guard: None }
    }
}

/// The instrumentation scope of the runtime.
#[derive(Clone, Copy, Debug)]
pub struct Scope;

/// The instrumentation scope of the runtime.
#[must_use]
pub const fn scope() -> Scope {
    Scope
}
