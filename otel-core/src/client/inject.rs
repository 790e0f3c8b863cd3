//! The trace context in the headers of a request.

use opentelemetry::propagation::Injector;
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, global};

use crate::http::HeaderLookup;

/// The header that propagators share with the application: members that it set itself stay.
const BAGGAGE: &str = "baggage";

/// Headers of a request that is about to be sent, whatever type the client library keeps them in.
pub trait RequestHeaders {
    /// Sets a header in place of all lines that it has.
    fn set(&mut self, name: &str, value: &str);

    /// Removes all lines of a header.
    fn remove(&mut self, name: &str);
}

impl RequestHeaders for http::HeaderMap {
    fn set(&mut self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (name.parse::<http::HeaderName>(), http::HeaderValue::from_str(value)) {
            self.insert(name, value);
        }
    }

    fn remove(&mut self, name: &str) {
        self.remove(name);
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

/// Injects a context with the global propagators, in place of the trace context that the headers hold.
pub(super) fn inject(context: &Context, headers: &mut dyn RequestHeaders) {
    global::get_text_map_propagator(|propagator| {
        if context.span().span_context().is_valid() {
            // A propagator leaves out what it has no value for: the trace state of another trace would stay.
            propagator.fields().filter(|&name| name != BAGGAGE).for_each(|name| headers.remove(name));
        }
        propagator.inject_context(context, &mut Headers(headers));
    });
}

/// Returns `true` if the headers hold all that would be injected.
pub(super) fn is_injected(context: &Context, headers: &dyn HeaderLookup) -> bool {
    let mut expected = Lines(Vec::new());
    global::get_text_map_propagator(|propagator| propagator.inject_context(context, &mut expected));
    expected.0.iter().all(|(name, value)| headers.first(name) == Some(value.as_bytes()))
}

struct Headers<'a>(&'a mut dyn RequestHeaders);

impl Injector for Headers<'_> {
    fn set(&mut self, name: &str, value: String) {
        self.0.set(name, &value);
    }
}

struct Lines(Vec<(String, String)>);

impl Injector for Lines {
    fn set(&mut self, name: &str, value: String) {
        self.0.push((name.to_ascii_lowercase(), value));
    }
}
