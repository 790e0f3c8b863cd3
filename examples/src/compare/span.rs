//! Spans as the console exporter prints them.

use serde::Deserialize;
use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// One printed span.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Span {
    /// `GET /users/{id}`
    pub name: String,
    /// Its ids.
    pub context: Ids,
    /// `SpanKind.SERVER`
    pub kind: String,
    /// Span id of the parent, `None` for the first span of a trace.
    pub parent_id: Option<String>,
    /// UTC, with microseconds.
    pub start_time: String,
    /// UTC, with microseconds.
    pub end_time: String,
    /// `status_code` and, for errors, `description`.
    pub status: Map<String, Value>,
    /// Name to value.
    pub attributes: Map<String, Value>,
    /// The events of the span.
    pub events: Vec<Event>,
    /// The links to other spans.
    pub links: Vec<Value>,
    /// The resource.
    pub resource: Value,
}

/// The ids of a span, in hexadecimal with a leading `0x`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Ids {
    /// 16 bytes.
    pub trace_id: String,
    /// 8 bytes.
    pub span_id: String,
    /// The W3C `tracestate`.
    pub trace_state: Value,
}

/// An event of a span, without its time.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Event {
    /// `exception`, for example.
    pub name: String,
    /// Name to value.
    #[serde(default)]
    pub attributes: Map<String, Value>,
}

impl Span {
    /// The start of the span.
    #[must_use]
    pub fn start(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::parse(&self.start_time, &Rfc3339).ok()
    }

    /// The end of the span.
    #[must_use]
    pub fn end(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::parse(&self.end_time, &Rfc3339).ok()
    }
}

/// The spans in the output of a program. Other lines are left out.
pub fn spans<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<Span> {
    lines.into_iter().filter(|line| line.starts_with('{')).filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Span, spans};

    pub(crate) const SERVER: &str = r#"{"name":"GET /a","context":{"trace_id":"0x0af7","span_id":"0x01","trace_state":"[]"},"kind":"SpanKind.SERVER","parent_id":"0x02","start_time":"2026-01-02T03:04:05.000010Z","end_time":"2026-01-02T03:04:05.000030Z","status":{"status_code":"UNSET"},"attributes":{"http.route":"/a","http.response.status_code":200,"server.port":40001,"network.peer.port":50001,"http.host":"localhost:40001"},"events":[{"name":"exception","timestamp":"2026-01-02T03:04:05.000020Z","attributes":{"exception.message":"no"}}],"links":[],"resource":{"attributes":{"service.name":"s"},"schema_url":""}}"#;

    /// A span as a server prints it.
    pub(crate) fn server_span() -> Span {
        spans([SERVER]).remove(0)
    }

    #[test]
    fn other_lines_are_no_spans() {
        assert_eq!(spans(["testing", "{}", "{\"name\":\"x\"}", SERVER, "{broken"]).len(), 1);
    }

    #[test]
    fn times_are_read() {
        let span = server_span();
        assert_eq!((span.end().zip(span.start())).map(|(end, start)| (end - start).whole_microseconds()), Some(20));
    }
}
