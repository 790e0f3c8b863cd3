//! The JSON layout of a span; field order is the order of the keys.

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;
use serde::Serialize;

use super::resource::{ResourceAttributes, ResourceView};
use super::timestamp::Rfc3339;
use super::trace_state::TraceStateText;
use super::value::JsonAttributes;

/// A whole span, as `ReadableSpan.to_json` prints it in Python.
#[derive(Serialize)]
pub(super) struct JsonSpan<'a> {
    name: &'a str,
    context: ContextView<'a>,
    kind: &'static str,
    parent_id: Option<String>,
    start_time: Rfc3339,
    end_time: Rfc3339,
    status: StatusView<'a>,
    attributes: JsonAttributes<&'a [KeyValue]>,
    events: Vec<EventView<'a>>,
    links: Vec<LinkView<'a>>,
    resource: ResourceView<'a>,
}

impl<'a> JsonSpan<'a> {
    pub(super) fn new(span: &'a SpanData, resource: &'a ResourceAttributes) -> Self {
        Self {
            name: &span.name,
            context: ContextView::new(&span.span_context),
            kind: kind_name(&span.span_kind),
            parent_id: (span.parent_span_id != SpanId::INVALID).then(|| format!("0x{}", span.parent_span_id)),
            start_time: Rfc3339(span.start_time),
            end_time: Rfc3339(span.end_time),
            status: StatusView::new(&span.status),
            attributes: JsonAttributes(&span.attributes),
            events: span.events.iter().map(EventView::new).collect(),
            links: span.links.iter().map(LinkView::new).collect(),
            resource: resource.view(),
        }
    }
}

/// Ids as hexadecimal digits after `0x`, as Python prints them.
#[derive(Serialize)]
struct ContextView<'a> {
    trace_id: String,
    span_id: String,
    trace_state: TraceStateText<'a>,
}

impl<'a> ContextView<'a> {
    fn new(context: &'a SpanContext) -> Self {
        Self {
            trace_id: format!("0x{}", context.trace_id()),
            span_id: format!("0x{}", context.span_id()),
            trace_state: TraceStateText(context.trace_state()),
        }
    }
}

/// The status; the description only of an error that has one.
#[derive(Serialize)]
struct StatusView<'a> {
    status_code: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
}

impl<'a> StatusView<'a> {
    fn new(status: &'a Status) -> Self {
        match status {
            Status::Unset => Self { status_code: "UNSET", description: "" },
            Status::Ok => Self { status_code: "OK", description: "" },
            Status::Error { description } => Self { status_code: "ERROR", description },
        }
    }
}

#[derive(Serialize)]
struct EventView<'a> {
    name: &'a str,
    timestamp: Rfc3339,
    attributes: JsonAttributes<&'a [KeyValue]>,
}

impl<'a> EventView<'a> {
    fn new(event: &'a Event) -> Self {
        Self { name: &event.name, timestamp: Rfc3339(event.timestamp), attributes: JsonAttributes(&event.attributes) }
    }
}

#[derive(Serialize)]
struct LinkView<'a> {
    context: ContextView<'a>,
    attributes: JsonAttributes<&'a [KeyValue]>,
}

impl<'a> LinkView<'a> {
    fn new(link: &'a Link) -> Self {
        Self { context: ContextView::new(&link.span_context), attributes: JsonAttributes(&link.attributes) }
    }
}

/// The name of a member of Python's enumeration.
fn kind_name(kind: &SpanKind) -> &'static str {
    match kind {
        SpanKind::Client => "SpanKind.CLIENT",
        SpanKind::Server => "SpanKind.SERVER",
        SpanKind::Producer => "SpanKind.PRODUCER",
        SpanKind::Consumer => "SpanKind.CONSUMER",
        SpanKind::Internal => "SpanKind.INTERNAL",
    }
}
