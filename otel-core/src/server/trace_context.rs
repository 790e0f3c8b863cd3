//! The trace context that the caller of a request sent.

use opentelemetry::Context;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::{TraceContextExt as _, TraceState};

use crate::http::HeaderLookup;
use crate::propagation;
use crate::span_ids::Ids;

/// The trace context of the caller, as far as it can be parsed without a propagator.
pub(super) enum Caller {
    /// The ids of a valid `traceparent`, and no other header. `None` if there is no context, or an invalid one.
    Span(Option<Ids>),
    /// Anything else, which the propagator has to read.
    Other,
}

impl Caller {
    /// Parses the headers in place. `are_propagators_usual` is `true` if the global propagators are those of the W3C.
    #[inline]
    pub(super) fn of(headers: &dyn HeaderLookup, are_propagators_usual: bool) -> Self {
        let trace = headers.trace();
        if !are_propagators_usual || trace.has_more() {
            return Self::Other;
        }
        Self::Span(trace.traceparent().and_then(propagation::parse_traceparent))
    }
}

/// The context that the caller sent. `None` if the propagators are the usual ones, and the caller sent no valid
/// `traceparent`, `tracestate` or `baggage`. The current context does not matter: a request that arrives while the context
/// of another one is current is not its child.
pub(super) fn sent_context(headers: &dyn HeaderLookup, are_propagators_usual: bool) -> Option<Context> {
    match Caller::of(headers, are_propagators_usual) {
        Caller::Span(ids) => Some(Context::new().with_remote_span_context(ids?.context(true, TraceState::NONE))),
        Caller::Other => Some(extract(headers)),
    }
}

/// The context that the global propagator finds in the headers.
pub(super) fn extract(headers: &dyn HeaderLookup) -> Context {
    opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &Carrier(headers))
    })
}

/// Headers for propagators.
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

    /// All lines of a header.
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

/// A header as text. A header that is not ASCII becomes an empty string. The empty string counts as an invalid line;
/// without that line a forbidden repetition could look valid.
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
