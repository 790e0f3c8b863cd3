//! The span with another provider than ours: attributes are built at once, and go through the API.

use std::borrow::Cow;

use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, global};

use super::exception;
use super::open_request::{IncomingRequest, OpenRequest};
use super::trace_context::extract;
use crate::clock::Timestamp;
use crate::http::attributes::{self, Seen};
use crate::http::error_type::ErrorType;
use crate::http::settings::{HttpSettings, SemconvMode};
use crate::http::{HeaderLookup, RequestFacts};

/// Starts the span, and returns its context.
pub(super) fn start(incoming: &IncomingRequest<'_>) -> Context {
    let IncomingRequest { method, settings, scope, now, .. } = *incoming;
    let facts = RequestFacts { authority: incoming.facts.authority(), ..*incoming.facts };
    let mut known: Vec<KeyValue> = Vec::with_capacity(32);
    attributes::of_request(&facts, &Seen::new(&facts, settings), method, settings, &mut known);
    let builder = SpanBuilder::from_name(method.in_span_name())
        .with_kind(SpanKind::Server)
        .with_start_time(now.timestamp())
        .with_attributes(known);
    // By the propagator, although a `traceparent` may have been parsed already: the context may hold more than that.
    let parent = extract(facts.headers);
    let span = global::tracer_with_scope(scope.clone()).build_with_context(builder, &parent);
    parent.with_span(span)
}

/// Records the response head.
pub(super) fn respond(request: &OpenRequest, headers: &dyn HeaderLookup, settings: &HttpSettings) {
    let span = request.context.span();
    let (true, Some(status)) = (span.is_recording(), request.status) else { return };
    if let Some(route) = &request.route {
        // Low cardinality by rule: `{method} {route}`, or the method alone; never the path.
        span.update_name(format!("{} {route}", request.method));
    }
    let mut known: Vec<KeyValue> = Vec::with_capacity(4);
    attributes::of_response(status, request.route.as_deref(), settings, &mut known);
    settings.headers.of_response(headers, &mut known);
    span.set_attributes(known);
}

/// Records the end.
pub(super) fn finish(
    request: &mut OpenRequest,
    error_type: Option<ErrorType>,
    end: Timestamp,
    settings: &HttpSettings,
) {
    let span = request.context.span();
    if span.is_recording() {
        let sizes = [
            ("http.request.body.size", request.request_body),
            ("http.response.body.size", request.response_body_size(settings)),
        ];
        for (key, bytes) in sizes {
            if let Some(bytes) = bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
                span.set_attribute(KeyValue::new(key, bytes));
            }
        }
        if let Some(error_type) = error_type {
            // The older conventions do not define `error.type`.
            if settings.semconv != SemconvMode::Old {
                span.set_attribute(KeyValue::new("error.type", error_type.text()));
            }
            let message = request.message.take();
            if let Some(message) = &message
                && let Some(event) = exception::event(end.into(), message, settings)
            {
                span.add_event_with_timestamp(event.name, event.timestamp, event.attributes);
            }
            span.set_status(Status::Error { description: message.map_or(Cow::Borrowed(""), Cow::Owned) });
        }
    }
    span.end_with_timestamp(end.into());
}
