//! The trace context in the headers of a request.

use std::borrow::Cow;

use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::propagation::{Injector, TextMapPropagator};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, global};

use crate::http::HeaderLookup;
use crate::propagation::TraceContextHeaders;

/// The header that propagators share with the application: members that it set itself stay.
const BAGGAGE: &str = "baggage";

/// Headers of a request that is about to be sent, whatever type the client library keeps them in.
pub trait RequestHeaders {
    /// Sets a header in place of all lines that it has.
    fn set(&mut self, name: &str, value: &[u8]);

    /// Removes all lines of a header.
    fn remove(&mut self, name: &str);
}

impl RequestHeaders for http::HeaderMap {
    fn set(&mut self, name: &str, value: &[u8]) {
        if let (Some(name), Ok(value)) = (header_name(name), http::HeaderValue::from_bytes(value)) {
            self.insert(name.into_owned(), value);
        }
    }

    fn remove(&mut self, name: &str) {
        if let Some(name) = header_name(name) {
            self.remove(&*name);
        }
    }
}

/// The name of a header. Those that each request sets or removes are not parsed each time.
fn header_name(name: &str) -> Option<Cow<'static, http::HeaderName>> {
    static TRACEPARENT: http::HeaderName = http::HeaderName::from_static("traceparent");
    static TRACESTATE: http::HeaderName = http::HeaderName::from_static("tracestate");
    match name {
        "traceparent" => Some(Cow::Borrowed(&TRACEPARENT)),
        "tracestate" => Some(Cow::Borrowed(&TRACESTATE)),
        _ => name.parse().ok().map(Cow::Owned),
    }
}

impl HeaderLookup for http::HeaderMap {
    fn first(&self, name: &str) -> Option<&[u8]> {
        self.get(name).map(http::HeaderValue::as_bytes)
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in self {
            visitor(name.as_str(), value.as_bytes());
        }
    }
}

/// Injects a context with the global propagators, in place of the trace context that the headers hold. `are_usual` is
/// `true` if they are trace context and baggage.
pub(super) fn inject(context: &Context, headers: &mut dyn RequestHeaders, are_usual: bool) {
    // Without baggage the usual propagators write two headers, which need neither a lock nor names.
    if are_usual && context.baggage().is_empty() {
        if let Some(values) = TraceContextHeaders::of(context) {
            match values.state.as_str() {
                "" => headers.remove("tracestate"),
                state => headers.set("tracestate", state.as_bytes()),
            }
            headers.set("traceparent", &values.traceparent);
        }
        return;
    }
    global::get_text_map_propagator(|propagator| {
        let mut injected = Injected { headers, propagator, set: 0 };
        propagator.inject_context(context, &mut injected);
        if context.span().span_context().is_valid() {
            // A propagator leaves out what it has no value for: the trace state of another trace would stay.
            let set = injected.set;
            let left_out = propagator.fields().enumerate().filter(|&(index, _)| set & bit(index) == 0);
            left_out.filter(|&(_, name)| name != BAGGAGE).for_each(|(_, name)| headers.remove(name));
        }
    });
}

/// Returns `true` if the headers hold the trace context that would be injected. Without a propagator for it, no request can be
/// recognised.
pub(super) fn is_injected(context: &Context, headers: &dyn HeaderLookup) -> bool {
    let mut expected = Lines(Vec::new());
    global::get_text_map_propagator(|propagator| propagator.inject_context(context, &mut expected));
    let mut expected = expected.0.iter().filter(|(name, _)| name != BAGGAGE).peekable();
    expected.peek().is_some() && expected.all(|(name, value)| headers.first(name) == Some(value.as_bytes()))
}

struct Injected<'a> {
    headers: &'a mut dyn RequestHeaders,
    propagator: &'a dyn TextMapPropagator,
    /// The bits of the propagator's fields that have been set.
    set: u64,
}

impl Injector for Injected<'_> {
    fn set(&mut self, name: &str, value: String) {
        let index = self.propagator.fields().position(|field| field.eq_ignore_ascii_case(name));
        self.set |= index.map(bit).unwrap_or_default();
        self.headers.set(name, value.as_bytes());
    }
}

/// The bit of the propagator's field at this index. All propagators together have a dozen fields.
fn bit(index: usize) -> u64 {
    u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index)).unwrap_or_default()
}

struct Lines(Vec<(String, String)>);

impl Injector for Lines {
    fn set(&mut self, name: &str, value: String) {
        self.0.push((name.to_ascii_lowercase(), value));
    }
}
