//! A list of traces as JSON.

use std::cmp::Reverse;
use std::collections::HashSet;

use serde_json::{Value, json};

use super::now;
use super::query::{Order, Query};
use super::running::RunningSpan;
use super::trace::Trace;
use super::traces::Traces;
use crate::otlp::{TraceId, hex};

/// The most running requests in one list.
const RUNNING: usize = 100;

/// The selected traces in their order, the running requests, and the number of the others.
pub(super) fn list(traces: &Traces, running: Vec<RunningSpan>, service: &str, query: &Query, version: u64) -> Value {
    // The part of a running request that has arrived is shown with the request.
    let running_traces: HashSet<TraceId> = running.iter().map(|span| span.trace_id).collect();
    let is_running = |id: &TraceId, trace: &Trace| {
        running_traces.contains(id) && trace.root().is_some_and(|root| root.head.parent.is_some())
    };
    let usual = traces.usual();
    let mut selected: Vec<_> =
        traces.newest_first().filter(|(id, trace)| !is_running(id, trace) && query.selects(trace)).collect();
    match query.order {
        Order::Newest => {}
        Order::Slowest => selected.sort_by_key(|(_, trace)| Reverse(trace.duration())),
        Order::Notable => selected.sort_by_cached_key(|(_, trace)| (!trace.is_error(), !usual.is_slow(trace))),
    }
    let shown: Vec<_> =
        selected.iter().take(query.limit).filter_map(|(id, trace)| row(*id, trace, usual.is_slow(trace))).collect();
    let running: Vec<_> = running.into_iter().filter(|span| query.selects_running(span)).collect();
    json!({
        "version": version,
        "kept": traces.len(),
        "selected": selected.len(),
        "evicted": traces.evicted,
        "bytes": traces.bytes(),
        "limitBytes": traces.limit(),
        "runningCount": running.len(),
        "running": running.iter().take(RUNNING).map(|span| running_row(span, service)).collect::<Vec<_>>(),
        "traces": shown,
    })
}

fn row(id: TraceId, trace: &Trace, is_slow: bool) -> Option<Value> {
    let root = trace.root()?;
    let head = &root.head;
    Some(json!({
        "traceId": hex(&id),
        "name": root.name(),
        "method": root.text(head.method),
        "route": root.text(head.route),
        "path": root.text(head.path),
        "status": head.status,
        "isError": trace.is_error(),
        "isSlow": is_slow,
        // The root may not have arrived: then the trace is shown as partial.
        "isPartial": head.parent.is_some(),
        "startUnixNano": trace.start.to_string(),
        "durationNano": trace.duration(),
        "rootDurationNano": head.duration(),
        "services": trace.services(),
        "spans": trace.spans.len(),
        "logs": trace.logs.len(),
    }))
}

fn running_row(span: &RunningSpan, service: &str) -> Value {
    json!({
        "traceId": hex(&span.trace_id),
        "spanId": hex(&span.span_id),
        "name": span.name,
        "method": span.method(),
        "path": span.path,
        "startUnixNano": span.start.to_string(),
        "services": [service],
        "durationNano": now().saturating_sub(span.start),
    })
}
