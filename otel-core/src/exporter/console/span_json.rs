//! A span as JSON, as `ReadableSpan.to_json` prints it in Python.

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;

use super::attribute_json;
use super::json_value::Json;
use super::timestamp::Rfc3339;
use super::trace_state::TraceStateText;

pub(super) fn span<'a>(span: &'a SpanData, resource: &'a Resource) -> Json<'a> {
    let parent = span.parent_span_id;
    Json::Object(vec![
        ("name", span.name.as_ref().into()),
        ("context", context(&span.span_context)),
        ("kind", kind_name(&span.span_kind).into()),
        ("parent_id", (parent != SpanId::INVALID).then(|| format!("0x{parent}")).into()),
        ("start_time", Rfc3339(span.start_time).into()),
        ("end_time", Rfc3339(span.end_time).into()),
        ("status", status(&span.status)),
        ("attributes", attribute_json::object(&mut span.attributes.iter())),
        ("events", Json::list(span.events.iter().map(event))),
        ("links", Json::list(span.links.iter().map(link))),
        ("resource", attribute_json::resource(resource)),
    ])
}

/// Ids as hexadecimal digits after `0x`, as Python prints them.
fn context(context: &SpanContext) -> Json<'_> {
    Json::Object(vec![
        ("trace_id", format!("0x{}", context.trace_id()).into()),
        ("span_id", format!("0x{}", context.span_id()).into()),
        ("trace_state", TraceStateText(context.trace_state()).to_string().into()),
    ])
}

/// The status; the description only of an error that has one.
fn status(status: &Status) -> Json<'_> {
    let (code, description) = match status {
        Status::Unset => ("UNSET", ""),
        Status::Ok => ("OK", ""),
        Status::Error { description } => ("ERROR", &**description),
    };
    let mut fields = vec![("status_code", code.into())];
    if !description.is_empty() {
        fields.push(("description", description.into()));
    }
    Json::Object(fields)
}

fn event(event: &Event) -> Json<'_> {
    Json::Object(vec![
        ("name", event.name.as_ref().into()),
        ("timestamp", Rfc3339(event.timestamp).into()),
        ("attributes", attribute_json::object(&mut event.attributes.iter())),
    ])
}

fn link(link: &Link) -> Json<'_> {
    Json::Object(vec![
        ("context", context(&link.span_context)),
        ("attributes", attribute_json::object(&mut link.attributes.iter())),
    ])
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
