//! Spans as an indented list.

use std::fmt::Write as _;

use opentelemetry::trace::{SpanId, SpanKind};
use opentelemetry_sdk::trace::SpanData;

/// The spans below `root`. Spans whose parent is not among them follow at the end, marked with `?`.
pub(super) fn draw(spans: &[SpanData], root: SpanId) -> String {
    let mut text = String::new();
    below(spans, root, 0, &mut text);
    let known = |id: SpanId| id == root || spans.iter().any(|span| span.span_context.span_id() == id);
    for orphan in spans.iter().filter(|span| !known(span.parent_span_id)) {
        text.push_str("? ");
        line(orphan, &mut text);
        below(spans, orphan.span_context.span_id(), 1, &mut text);
    }
    text
}

fn below(spans: &[SpanData], parent: SpanId, depth: usize, text: &mut String) {
    for span in spans.iter().filter(|span| span.parent_span_id == parent) {
        text.push_str(&"  ".repeat(depth));
        line(span, text);
        below(spans, span.span_context.span_id(), depth + 1, text);
    }
}

fn line(span: &SpanData, text: &mut String) {
    text.push_str(&span.name);
    if span.span_kind != SpanKind::Internal {
        // Writing to a string cannot fail.
        let _ = write!(text, " [{}]", format!("{:?}", span.span_kind).to_uppercase());
    }
    text.push('\n');
}
