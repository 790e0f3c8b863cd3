//! Handles of the current span and of a request's SERVER span.

use crate::active_requests::RequestKey;
use actix_web::HttpRequest;
use otel_core::opentelemetry::trace::{SpanContext, SpanRef, Status, TraceContextExt as _};
use otel_core::opentelemetry::{Context, KeyValue};
use std::borrow::Cow;

/// Returns the current span: that of the request, or a child of it that was made current since.
///
/// ```
/// use opentelemetry::KeyValue;
///
/// async fn handler() -> &'static str {
///     otel_actix::span().set_attribute(KeyValue::new("app.cache_hit", true));
///     "served"
/// }
/// # let _ = handler;
/// ```
pub fn span() -> ActiveSpan {
    ActiveSpan(Context::current())
}

/// Returns the SERVER span of a request, also while a child of it is current. If the request has no telemetry, the result
/// records nothing.
pub fn request_span(request: &HttpRequest) -> ActiveSpan {
    ActiveSpan(RequestKey::of(request.head()).and_then(RequestKey::context).unwrap_or_default())
}

/// A handle of a span. Its methods do nothing if the span is not recorded.
#[derive(Clone, Debug)]
#[must_use]
pub struct ActiveSpan(Context);

impl ActiveSpan {
    /// Returns the context that holds the span.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.0
    }

    /// Returns the span as a type of the OpenTelemetry API.
    #[must_use]
    pub fn as_span_ref(&self) -> SpanRef<'_> {
        self.0.span()
    }

    /// Returns the ids and flags of the span.
    #[must_use]
    pub fn span_context(&self) -> SpanContext {
        self.0.span().span_context().clone()
    }

    /// Returns `true` if the span is recorded. Skip costly attributes if it is not.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.0.span().is_recording()
    }

    /// Sets an attribute.
    pub fn set_attribute(&self, attribute: KeyValue) {
        self.0.span().set_attribute(attribute);
    }

    /// Adds an event.
    pub fn add_event(&self, name: impl Into<Cow<'static, str>>, attributes: Vec<KeyValue>) {
        self.0.span().add_event(name, attributes);
    }

    /// Sets the status.
    pub fn set_status(&self, status: Status) {
        self.0.span().set_status(status);
    }

    /// Renames the span. The route replaces the name of a SERVER span when the response is known, so set a name of your own
    /// in a response [hook](crate::Hooks::with_response).
    pub fn update_name(&self, name: impl Into<Cow<'static, str>>) {
        self.0.span().update_name(name);
    }
}
