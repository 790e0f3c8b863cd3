//! Spans as a tree.

use serde_json::Value;

/// A span, as a service printed it.
#[derive(Clone, Debug)]
pub struct Span {
    /// Id of the trace.
    pub trace: String,
    /// Id of the span.
    pub id: String,
    /// Id of the parent.
    pub parent: String,
    /// Name of the span.
    pub name: String,
    /// `SERVER`, `CLIENT`, `INTERNAL`, …
    pub kind: String,
    /// Name of the service.
    pub service: String,
    /// The attributes.
    pub attributes: Value,
}

impl Span {
    /// Reads a line. `None` if it is no span.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let span: Value = serde_json::from_str(line).ok()?;
        let text = |value: &Value| value.as_str().unwrap_or_default().trim_start_matches("0x").to_owned();
        Some(Self {
            trace: text(span.pointer("/context/trace_id")?),
            id: text(span.pointer("/context/span_id")?),
            parent: text(span.get("parent_id")?),
            name: text(span.get("name")?),
            kind: text(span.get("kind")?).trim_start_matches("SpanKind.").to_owned(),
            service: text(span.pointer("/resource/attributes/service.name")?),
            attributes: span.get("attributes")?.clone(),
        })
    }
}

/// The spans below the client, one per line, and those whose parent is missing at the end.
pub(crate) fn draw(spans: &[Span], client: &str) -> String {
    let mut text = "client\n".to_owned();
    below(spans, client, 1, &mut text);
    let is_known = |id: &str| id == client || spans.iter().any(|span| span.id == id);
    for orphan in spans.iter().filter(|span| !is_known(&span.parent)) {
        text.push_str("without parent: ");
        text.push_str(&line(orphan));
    }
    text
}

fn below(spans: &[Span], parent: &str, depth: usize, text: &mut String) {
    for span in spans.iter().filter(|span| span.parent == parent) {
        text.push_str(&"  ".repeat(depth));
        text.push_str(&line(span));
        below(spans, &span.id, depth + 1, text);
    }
}

fn line(span: &Span) -> String {
    format!("{} {} {}\n", span.service, span.kind, span.name)
}
