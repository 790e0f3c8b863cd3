//! The headers that every request is asked for, found in one pass.

use opentelemetry::Context;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};

use super::headers::HeaderLookup;
use crate::propagation;
use crate::recorder::Moment;

/// Which of the headers that matter for every request there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says of one header whether it is there")]
pub(super) struct Noted {
    traceparent: bool,
    /// There is more about the context than a `traceparent`.
    more_context: bool,
    pub(super) user_agent: bool,
    content_length: bool,
}

impl Noted {
    pub(super) fn of(headers: &dyn HeaderLookup) -> Self {
        let mut noted = Self::default();
        headers.visit_names(&mut |name| match name.len() {
            7 if name == "baggage" => noted.more_context = true,
            10 if name == "user-agent" => noted.user_agent = true,
            10 if name == "tracestate" => noted.more_context = true,
            11 if name == "traceparent" => noted.traceparent = true,
            14 if name == "content-length" => noted.content_length = true,
            _ => {}
        });
        noted
    }

    /// Size of the request body in bytes, when it is announced.
    pub(super) fn body_size(self, headers: &dyn HeaderLookup) -> Option<u64> {
        let value = self.content_length.then(|| headers.first("content-length")).flatten()?;
        str::from_utf8(value).ok()?.parse().ok()
    }
}

/// The caller's context, as far as there is one.
#[derive(Debug)]
pub(super) enum Parent {
    /// The caller sent none.
    None,
    /// A span, and nothing besides.
    Span(SpanContext),
    /// More than a span, or something that only the propagator understands.
    Context(Context),
}

impl Parent {
    /// Reads the headers: in place where the propagators are the usual ones and all there is is a `traceparent`, else by
    /// the global propagator. Never the current context: a request that is handled while another one's happens to be
    /// current must not become its child.
    pub(super) fn of(noted: Noted, headers: &dyn HeaderLookup, now: Moment) -> Self {
        if noted.more_context || !propagation::is_usual(now) {
            return Self::Context(extracted(headers));
        }
        if !noted.traceparent {
            return Self::None;
        }
        headers.only("traceparent").and_then(propagation::parse_traceparent).map_or(Self::None, Self::Span)
    }

    /// The caller's span.
    pub(super) fn span_context(&self) -> Option<SpanContext> {
        match self {
            Self::None => None,
            Self::Span(span) => Some(span.clone()),
            Self::Context(context) => Some(context.span().span_context().clone()).filter(SpanContext::is_valid),
        }
    }

    /// What the caller sent, as a context to build upon.
    pub(super) fn into_context(self) -> Context {
        match self {
            Self::None => Context::new(),
            Self::Span(span) => Context::new().with_remote_span_context(span),
            Self::Context(context) => context,
        }
    }

    /// What the caller sent besides its span.
    pub(super) fn into_base(self) -> Context {
        match self {
            Self::None | Self::Span(_) => Context::new(),
            Self::Context(context) => context,
        }
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
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    struct Lines(&'static [(&'static str, &'static [u8])]);

    impl HeaderLookup for Lines {
        fn first(&self, name: &str) -> Option<&[u8]> {
            self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
        }

        fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
            self.0.iter().for_each(|(name, value)| visitor(name, value));
        }
    }

    #[test]
    fn every_line_is_seen_and_bytes_that_are_not_ascii_count_as_a_line() {
        let headers = Lines(&[("tracestate", b"a=1"), ("tracestate", b"\xff"), ("tracestate", b"b=2")]);
        let carrier = Carrier(&headers);
        assert_eq!(carrier.get("tracestate"), Some("a=1"));
        assert_eq!(carrier.get_all("TraceState"), Some(vec!["a=1", "", "b=2"]));
        assert_eq!(carrier.get_all("traceparent"), None);
        assert_eq!(carrier.keys(), ["tracestate"]);
    }

    #[test]
    fn one_pass_finds_what_matters() {
        const PARENT: &[u8] = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let plain = Lines(&[("host", b"a"), ("traceparent", PARENT), ("user-agent", b"x"), ("content-length", b"17")]);
        let noted = Noted::of(&plain);
        let all = Noted { traceparent: true, more_context: false, user_agent: true, content_length: true };
        assert_eq!((noted, noted.body_size(&plain)), (all, Some(17)));
        for more in ["tracestate", "baggage"] {
            let headers = vec![("traceparent", PARENT), (more, b"a=1".as_slice())];
            assert!(Noted::of(&Lines(headers.leak())).more_context, "{more}");
        }
    }
}
