//! Function spans and carried contexts for expansions, and the request's span for the fields of a handler.

use otel_core::function::Field;
use otel_core::opentelemetry::trace::TraceContextExt as _;
use otel_core::opentelemetry::{Context, KeyValue, Value};

pub use otel_core::expansion::*;

/// The span of the current request, which is the current span unless a middleware started a span of its own around the
/// handler.
#[must_use]
pub fn server_span() -> RequestSpan {
    RequestSpan(Context::current())
}

/// Records a handler's `fields(..)` on the request's span, with the methods that expansions call on a
/// [`FunctionSpan`](otel_core::function::FunctionSpan).
#[derive(Debug)]
pub struct RequestSpan(Context);

impl RequestSpan {
    /// Returns `true` if the span is recorded.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.0.span().is_recording()
    }

    /// Records the function that handles the request.
    pub fn set_code(&self, code: CodeLocation) {
        otel_core::server::set_code(&self.0, &code);
    }

    /// Sets the attribute `key`. `Option::None` sets nothing.
    pub fn record(&self, key: &'static str, value: &(impl Field + ?Sized)) {
        self.record_value(key, value.to_value());
    }

    /// Sets the attribute `key`, if there is a value.
    pub fn record_value(&self, key: &'static str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.span().set_attribute(KeyValue::new(key, value));
        }
    }
}
