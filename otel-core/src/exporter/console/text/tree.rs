//! The spans of one request → lines.

use opentelemetry_sdk::trace::SpanData;

use super::line;

/// The width of the time on the first line.
const INDENT: &str = "             ";

/// Draws spans of one trace. A span whose parent is not among them starts a line without indentation.
pub(super) fn draw(spans: &[SpanData], is_coloured: bool, out: &mut String) {
    let mut order: Vec<&SpanData> = spans.iter().collect();
    order.sort_by_key(|span| span.start_time);
    let is_known = |span: &SpanData| {
        spans.iter().any(|other| {
            other.span_context.span_id() == span.parent_span_id
                && other.span_context.span_id() != span.span_context.span_id()
        })
    };
    let mut drawn = 0;
    for root in order.iter().filter(|span| !is_known(span)) {
        line::root(root, is_coloured, out);
        let tree = Tree { spans: &order, is_coloured };
        drawn += 1 + tree.draw_below(root, line::message(root).as_deref(), INDENT, out);
    }
    // Spans that are each other's parents have no root.
    if drawn == 0 {
        for span in &order {
            line::root(span, is_coloured, out);
        }
    }
}

struct Tree<'a> {
    /// Sorted by their starts.
    spans: &'a [&'a SpanData],
    is_coloured: bool,
}

impl Tree<'_> {
    /// Draws the message of a span and its children. Returns the number of spans that were drawn.
    fn draw_below(&self, parent: &SpanData, message: Option<&str>, indent: &str, out: &mut String) -> usize {
        let is_child = |span: &&&SpanData| {
            span.parent_span_id == parent.span_context.span_id()
                && span.span_context.span_id() != parent.span_context.span_id()
        };
        let children: Vec<_> = self.spans.iter().filter(is_child).collect();
        if let Some(message) = message {
            let bar = if children.is_empty() { "" } else { "│  " };
            line::problem(&format!("{indent}{bar}"), message, self.is_coloured, out);
        }
        let mut drawn = 0;
        for (at, child) in children.iter().enumerate() {
            let (branch, below) = if at + 1 == children.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            line::child(&format!("{indent}{branch}"), child, self.is_coloured, out);
            drawn += 1 + self.draw_below(child, line::message(child).as_deref(), &format!("{indent}{below}"), out);
        }
        drawn
    }
}
