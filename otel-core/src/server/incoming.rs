//! What the caller of a request sent of its trace.

use opentelemetry::Context;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::{TraceContextExt as _, TraceState};

use crate::http::HeaderLookup;
use crate::propagation;
use crate::span_ids::Ids;

/// What the caller sent, as far as that can be told at first sight.
pub(super) enum Sent {
    /// No trace, or nothing valid.
    Nothing,
    /// A `traceparent`, and nothing else.
    Span(Ids),
    /// More than that, or something that only a propagator understands.
    More,
}

impl Sent {
    /// Reads in place what can be. `are_propagators_usual`: those of W3C, and only they.
    #[inline]
    pub(super) fn in_headers(headers: &dyn HeaderLookup, are_propagators_usual: bool) -> Self {
        let trace = headers.trace();
        if !are_propagators_usual || trace.is_more() {
            return Self::More;
        }
        trace.traceparent().and_then(propagation::parse_traceparent).map_or(Self::Nothing, Self::Span)
    }
}

/// What the caller sent, as a context; `None` if it sent nothing. Never the current context: a request that is handled
/// while another one's happens to be current must not become its child.
pub(super) fn sent_context(headers: &dyn HeaderLookup, are_propagators_usual: bool) -> Option<Context> {
    match Sent::in_headers(headers, are_propagators_usual) {
        Sent::Nothing => None,
        Sent::Span(ids) => Some(Context::new().with_remote_span_context(ids.context(true, TraceState::NONE))),
        Sent::More => Some(extracted(headers)),
    }
}

/// The context that headers carry, by the global propagator.
pub(super) fn extracted(headers: &dyn HeaderLookup) -> Context {
    opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &Carrier(headers))
    })
}

/// Headers, as propagators read them.
struct Carrier<'a>(&'a dyn HeaderLookup);

impl Extractor for Carrier<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let mut first = None;
        self.0.visit(&mut |name, value| {
            if first.is_none() && name.eq_ignore_ascii_case(key) {
                first = Some(visible(value));
            }
        });
        first
    }

    fn keys(&self) -> Vec<&str> {
        let mut keys = Vec::new();
        self.0.visit(&mut |name, _| {
            if !keys.contains(&name) {
                keys.push(name);
            }
        });
        keys
    }

    /// Every line of a header.
    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let mut lines = Vec::new();
        self.0.visit(&mut |name, value| {
            if name.eq_ignore_ascii_case(key) {
                lines.push(visible(value));
            }
        });
        (!lines.is_empty()).then_some(lines)
    }
}

/// A header as text. One that is not ASCII stands as an empty string: it has to be seen as present and wrong, since
/// leaving it out could make a forbidden repetition look valid.
fn visible(value: &[u8]) -> &str {
    let is_visible = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
    if value.iter().all(is_visible) { str::from_utf8(value).unwrap_or("") } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::properties::Lines;

    #[test]
    fn every_line_is_seen_and_bytes_that_are_not_ascii_count_as_a_line() {
        let headers = Lines(vec![("tracestate", &b"a=1"[..]), ("tracestate", b"\xff"), ("tracestate", b"b=2")]);
        let carrier = Carrier(&headers);
        assert_eq!(carrier.get("tracestate"), Some("a=1"));
        assert_eq!(carrier.get_all("TraceState"), Some(vec!["a=1", "", "b=2"]));
        assert_eq!(carrier.get_all("traceparent"), None);
        assert_eq!(carrier.keys(), ["tracestate"]);
    }
}
