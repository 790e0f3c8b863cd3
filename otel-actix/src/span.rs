//! The current span, as a value that a handler can keep.

use crate::registry::Known;
use actix_web::HttpRequest;
use otel_core::opentelemetry::trace::{SpanContext, SpanRef, Status, TraceContextExt as _};
use otel_core::opentelemetry::{Context, KeyValue};
use std::borrow::Cow;

/// The span that is current here: that of the request, or a child of it that was made current since.
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

/// The SERVER span of a request, also where a child of it is current; that of no span where the request has none.
pub fn request_span(request: &HttpRequest) -> ActiveSpan {
    ActiveSpan(Known::of(request.head()).and_then(Known::context).unwrap_or_default())
}

/// A handle of a span. Everything it does is lost without harm where the span is not recorded.
#[derive(Clone, Debug)]
#[must_use]
pub struct ActiveSpan(Context);

impl ActiveSpan {
    /// The context that holds the span.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.0
    }

    /// The span, as the OpenTelemetry API gives it.
    #[must_use]
    pub fn as_span_ref(&self) -> SpanRef<'_> {
        self.0.span()
    }

    /// Its ids and flags.
    #[must_use]
    pub fn span_context(&self) -> SpanContext {
        self.0.span().span_context().clone()
    }

    /// Whether anything that is set here will be seen.
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

    /// Renames the span. The name of a SERVER span is set again when the request was routed: to keep a name of your
    /// own, set it in a response [hook](crate::Hooks::with_response).
    pub fn update_name(&self, name: impl Into<Cow<'static, str>>) {
        self.0.span().update_name(name);
    }
}
