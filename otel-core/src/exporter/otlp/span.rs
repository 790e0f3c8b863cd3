//! One span: a `Span` message
//! ([definition](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto)).

use opentelemetry::trace::{Event, Link, SpanId, SpanKind, Status, TraceFlags, TraceState};

use super::memo::Memo;
use super::value;
use super::visitor::{ATTRIBUTES, Visitor};
use super::wire;
use crate::clock::Timestamp;
use crate::config::SpanLimitSettings;
use crate::recorder::SpanView;

/// Set if it is known whether the parent or link is remote.
const HAS_IS_REMOTE: u32 = 0x100;
/// Set if the parent or link is remote.
const IS_REMOTE: u32 = 0x200;

/// Writes one span.
pub(super) fn write(out: &mut Vec<u8>, memo: &mut Memo, ended: SpanView<'_>, limits: &SpanLimitSettings) {
    let (record, app_data) = (ended.record, &ended.details.app_data);
    wire::present(out, 1, &record.ids.trace_id.to_bytes());
    wire::present(out, 2, &record.ids.span_id.to_bytes());
    trace_state(out, 3, &ended.details.trace_state);
    if record.parent_span_id != SpanId::INVALID {
        wire::present(out, 4, &record.parent_span_id.to_bytes());
    }
    name(out, 5, ended);
    wire::number(out, 6, kind(record.kind));
    wire::fixed64(out, 7, record.start.unix_nanos());
    wire::fixed64(out, 8, record.end.unix_nanos());
    let dropped = attributes(out, memo, ended, limits);
    wire::number(out, 10, dropped);
    if let Some(events) = &app_data.events {
        let longest = limits.nested_attribute_value_length;
        events.items.iter().for_each(|item| wire::message(out, 11, |out| event(out, item, longest)));
        wire::number(out, 12, events.dropped);
    }
    if let Some(links) = &app_data.links {
        let longest = limits.nested_attribute_value_length;
        links.items.iter().for_each(|item| wire::message(out, 13, |out| link(out, item, longest)));
        wire::number(out, 14, links.dropped);
    }
    status(out, 15, &app_data.status);
    wire::fixed32(out, 16, flags(record.ids.flags, record.parent_is_remote));
}

/// Writes the trace state as its header spells it.
fn trace_state(out: &mut Vec<u8>, field: u8, state: &TraceState) {
    // Every member but the last is followed by a comma.
    let length: usize = state.into_iter().map(|(key, value)| key.len() + value.len() + 2).sum();
    let Some(length) = length.checked_sub(1) else { return };
    wire::delimited(out, field, length);
    for (index, (key, value)) in state.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(key.as_bytes());
        out.push(b'=');
        out.extend_from_slice(value.as_bytes());
    }
}

/// Writes the name. A name of two parts is joined here.
fn name(out: &mut Vec<u8>, field: u8, ended: SpanView<'_>) {
    match ended.name_parts() {
        (name, None) => wire::text(out, field, name),
        (method, Some(route)) => {
            wire::delimited(out, field, method.len() + 1 + route.len());
            out.extend_from_slice(method.as_bytes());
            out.push(b' ');
            out.extend_from_slice(route.as_bytes());
        }
    }
}

/// The number of a `SpanKind`, of which 0 means unspecified.
const fn kind(kind: &SpanKind) -> u32 {
    match kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Client => 3,
        SpanKind::Producer => 4,
        SpanKind::Consumer => 5,
    }
}

/// Writes the attributes. Returns the number of attributes that were dropped.
fn attributes(out: &mut Vec<u8>, memo: &mut Memo, ended: SpanView<'_>, limits: &SpanLimitSettings) -> u32 {
    let start = out.len();
    if let Some(mut visitor) = Visitor::new(out, memo, &ended.details.app_data.attributes, limits) {
        ended.visit_attributes(&mut visitor);
        if let Some(dropped) = visitor.dropped() {
            return ended.details.app_data.dropped_attributes.saturating_add(dropped);
        }
    }
    out.truncate(start);
    let (attributes, dropped) = ended.attributes(limits);
    // Their texts have been cut already.
    value::attributes(out, ATTRIBUTES, &attributes, None);
    dropped
}

fn event(out: &mut Vec<u8>, event: &Event, longest: Option<usize>) {
    wire::fixed64(out, 1, Timestamp::from(event.timestamp).unix_nanos());
    wire::text(out, 2, &event.name);
    value::attributes(out, 3, &event.attributes, longest);
    wire::number(out, 4, event.dropped_attributes_count);
}

fn link(out: &mut Vec<u8>, link: &Link, longest: Option<usize>) {
    let context = &link.span_context;
    wire::present(out, 1, &context.trace_id().to_bytes());
    wire::present(out, 2, &context.span_id().to_bytes());
    trace_state(out, 3, context.trace_state());
    value::attributes(out, 4, &link.attributes, longest);
    wire::number(out, 5, link.dropped_attributes_count);
    wire::fixed32(out, 6, flags(context.trace_flags(), context.is_remote()));
}

/// Writes the `Status`, even if it is unset.
fn status(out: &mut Vec<u8>, field: u8, status: &Status) {
    match status {
        Status::Unset => wire::present(out, field, &[]),
        Status::Ok => wire::present(out, field, &[3 << 3, 1]),
        Status::Error { description } => wire::message(out, field, |out| {
            wire::text(out, 2, description);
            wire::number(out, 3, 2);
        }),
    }
}

/// The W3C flags, and the flags of a remote parent or link.
fn flags(flags: TraceFlags, is_remote: bool) -> u32 {
    u32::from(flags.to_u8()) | HAS_IS_REMOTE | if is_remote { IS_REMOTE } else { 0 }
}
