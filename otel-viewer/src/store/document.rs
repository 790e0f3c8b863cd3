//! One trace as OTLP/JSON.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::origins::KeptOrigin;
use super::running::RunningSpan;
use super::trace::Trace;
use crate::otlp::schema::{LOG_RECORD, RESOURCE, SCOPE, SPAN};
use crate::otlp::{AsJson, Origin};

/// An object of the document, with its fields.
struct Object<'a>(Vec<(&'static str, FieldValue<'a>)>);

enum FieldValue<'a> {
    Text(&'a str),
    /// A message as it came.
    Message(AsJson<'a>),
    Messages(Vec<AsJson<'a>>),
    Objects(Vec<Object<'a>>),
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for FieldValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Message(message) => message.serialize(serializer),
            Self::Messages(messages) => serializer.collect_seq(messages),
            Self::Objects(objects) => serializer.collect_seq(objects),
        }
    }
}

/// The trace in its form for tools: `TracesData` and `LogsData` in one object. A running span has no end. `None` if nothing
/// of the trace is kept.
pub(super) fn document(trace: Option<&Trace>, running: &[RunningSpan], running_origin: &Origin) -> Option<String> {
    if trace.is_none() && running.is_empty() {
        return None;
    }
    let empty = Trace::default();
    let trace = trace.unwrap_or(&empty);
    let running: Vec<_> = running.iter().map(RunningSpan::message).collect();
    let spans = trace.spans.iter().map(|span| (&span.origin, &*span.message));
    let mut resource_spans: Vec<_> =
        grouped(spans).into_iter().map(|(origin, spans)| resource_spans_of(&origin.origin, &spans)).collect();
    if !running.is_empty() {
        let running: Vec<_> = running.iter().map(Vec::as_slice).collect();
        resource_spans.push(resource_spans_of(running_origin, &running));
    }
    let mut document = Object(vec![("resourceSpans", FieldValue::Objects(resource_spans))]);
    let logs = trace.logs.iter().map(|log| (&log.origin, &*log.message));
    let resource_logs: Vec<_> =
        grouped(logs).into_iter().map(|(origin, records)| resource_logs_of(&origin.origin, &records)).collect();
    if !resource_logs.is_empty() {
        document.0.push(("resourceLogs", FieldValue::Objects(resource_logs)));
    }
    serde_json::to_string(&document).ok()
}

/// The items of each origin, in the order of their first ones.
fn grouped<'a>(
    items: impl Iterator<Item = (&'a Arc<KeptOrigin>, &'a [u8])>,
) -> Vec<(&'a Arc<KeptOrigin>, Vec<&'a [u8]>)> {
    let mut groups: Vec<(&Arc<KeptOrigin>, Vec<&[u8]>)> = Vec::new();
    for (origin, item) in items {
        match groups.iter_mut().find(|(known, _)| Arc::ptr_eq(known, origin)) {
            Some((_, items)) => items.push(item),
            None => groups.push((origin, vec![item])),
        }
    }
    groups
}

/// Spans of one resource and scope: tools accept several entries for one resource.
fn resource_spans_of<'a>(origin: &'a Origin, spans: &[&'a [u8]]) -> Object<'a> {
    let spans = spans.iter().map(|span| AsJson::new(&SPAN, span)).collect();
    of_origin(origin, "scopeSpans", ("spans", FieldValue::Messages(spans)))
}

/// Log records of one resource and scope.
fn resource_logs_of<'a>(origin: &'a Origin, records: &[&'a [u8]]) -> Object<'a> {
    let records = records.iter().map(|record| AsJson::new(&LOG_RECORD, record)).collect();
    of_origin(origin, "scopeLogs", ("logRecords", FieldValue::Messages(records)))
}

/// The resource, and under `scopes` the scope with its items.
fn of_origin<'a>(origin: &'a Origin, scopes: &'static str, items: (&'static str, FieldValue<'a>)) -> Object<'a> {
    let mut scope = vec![("scope", FieldValue::Message(AsJson::new(&SCOPE, &origin.scope))), items];
    scope.extend(schema_url(&origin.scope_schema_url));
    let resource = FieldValue::Message(AsJson::new(&RESOURCE, &origin.resource));
    let mut fields = vec![("resource", resource), (scopes, FieldValue::Objects(vec![Object(scope)]))];
    fields.extend(schema_url(&origin.resource_schema_url));
    Object(fields)
}

fn schema_url(url: &str) -> Option<(&'static str, FieldValue<'_>)> {
    (!url.is_empty()).then_some(("schemaUrl", FieldValue::Text(url)))
}
