//! One trace as OTLP/JSON.

use std::sync::Arc;

use serde::Serialize;

use super::origins::KeptOrigin;
use super::running::RunningSpan;
use super::trace::Trace;
use crate::otlp::schema::{LOG_RECORD, RESOURCE, SCOPE, SPAN};
use crate::otlp::{AsJson, Origin};

/// `TracesData` and `LogsData` in one object. A running span has no end.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    resource_spans: Vec<ResourceSpans<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resource_logs: Vec<ResourceLogs<'a>>,
}

/// Spans of one resource and scope: tools accept several entries for one resource.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceSpans<'a> {
    resource: AsJson<'a>,
    scope_spans: [ScopeSpans<'a>; 1],
    #[serde(skip_serializing_if = "str::is_empty")]
    schema_url: &'a str,
}

/// The spans, copied as they came, and the schema of their attributes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScopeSpans<'a> {
    scope: AsJson<'a>,
    spans: Vec<AsJson<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    schema_url: &'a str,
}

/// Log records of one resource and scope.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceLogs<'a> {
    resource: AsJson<'a>,
    scope_logs: [ScopeLogs<'a>; 1],
    #[serde(skip_serializing_if = "str::is_empty")]
    schema_url: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScopeLogs<'a> {
    scope: AsJson<'a>,
    log_records: Vec<AsJson<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    schema_url: &'a str,
}

/// The trace in its form for tools. `None` if nothing of it is kept.
pub(super) fn document(trace: Option<&Trace>, running: &[RunningSpan], running_origin: &Origin) -> Option<String> {
    if trace.is_none() && running.is_empty() {
        return None;
    }
    let empty = Trace::default();
    let trace = trace.unwrap_or(&empty);
    let running: Vec<_> = running.iter().map(RunningSpan::message).collect();
    let spans = trace.spans.iter().map(|span| (&span.origin, &*span.message));
    let mut resource_spans: Vec<_> =
        grouped(spans).into_iter().map(|(origin, spans)| ResourceSpans::new(&origin.origin, &spans)).collect();
    if !running.is_empty() {
        let running: Vec<_> = running.iter().map(Vec::as_slice).collect();
        resource_spans.push(ResourceSpans::new(running_origin, &running));
    }
    let logs = trace.logs.iter().map(|log| (&log.origin, &*log.message));
    let resource_logs =
        grouped(logs).into_iter().map(|(origin, logs)| ResourceLogs::new(&origin.origin, &logs)).collect();
    serde_json::to_string(&Document { resource_spans, resource_logs }).ok()
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

impl<'a> ResourceSpans<'a> {
    fn new(origin: &'a Origin, spans: &[&'a [u8]]) -> Self {
        let spans = spans.iter().map(|span| AsJson::new(&SPAN, span)).collect();
        let scope = AsJson::new(&SCOPE, &origin.scope);
        Self {
            resource: AsJson::new(&RESOURCE, &origin.resource),
            scope_spans: [ScopeSpans { scope, spans, schema_url: &origin.scope_schema_url }],
            schema_url: &origin.resource_schema_url,
        }
    }
}

impl<'a> ResourceLogs<'a> {
    fn new(origin: &'a Origin, records: &[&'a [u8]]) -> Self {
        let log_records = records.iter().map(|record| AsJson::new(&LOG_RECORD, record)).collect();
        let scope = AsJson::new(&SCOPE, &origin.scope);
        Self {
            resource: AsJson::new(&RESOURCE, &origin.resource),
            scope_logs: [ScopeLogs { scope, log_records, schema_url: &origin.scope_schema_url }],
            schema_url: &origin.resource_schema_url,
        }
    }
}
