//! The span with any other provider than ours: what the recorder puts off, done at once, through the API.

use std::borrow::Cow;

use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, global};

use super::exception;
use super::incoming::extracted;
use super::open::OpenRequest;
use super::start::Arrival;
use crate::clock::Timestamp;
use crate::http::HeaderLookup;
use crate::http::RequestFacts;
use crate::http::attributes::{self, Seen};
use crate::http::error_type::ErrorType;
use crate::http::settings::{HttpSettings, SemconvMode};

/// Starts the span. Its context.
pub(super) fn start(arrival: &Arrival<'_>) -> Context {
    let Arrival { method, settings, scope, now, .. } = *arrival;
    let facts = RequestFacts { authority: arrival.facts.authority(), ..*arrival.facts };
    let mut known: Vec<KeyValue> = Vec::with_capacity(32);
    attributes::of_request(&facts, &Seen::new(&facts, settings), method, settings, &mut known);
    let builder = SpanBuilder::from_name(method.in_span_name())
        .with_kind(SpanKind::Server)
        .with_start_time(now.timestamp())
        .with_attributes(known);
    // Not the one that was read in place: the propagator keeps more than what a provider would pass on.
    let parent = extracted(facts.headers);
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
            ("http.response.body.size", request.response_body(settings)),
        ];
        for (key, bytes) in sizes {
            if let Some(bytes) = bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
                span.set_attribute(KeyValue::new(key, bytes));
            }
        }
        if let Some(error_type) = error_type {
            // The older conventions had no name for it.
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
