//! Properties of the propagators for any headers, for property tests and fuzzing.
//!
//! Not part of the library: `cfg(any(test, fuzzing))`. Each function panics if a propagator breaks a promise.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a property that does not hold panics")]
#![allow(missing_docs, clippy::missing_panics_doc, reason = "named, not documented")]

use super::trace_state::{self, Parsed};
use super::{BaggagePropagator, composite};
use crate::config::PropagatorName;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, KeyValue};
use std::collections::HashSet;

/// Header lines as they arrive: a name may occur more than once.
#[derive(Debug, Default)]
pub struct Lines(pub Vec<(String, String)>);

impl Extractor for Lines {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let lines: Vec<_> = self.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key)).collect();
        (!lines.is_empty()).then(|| lines.into_iter().map(|(_, value)| value.as_str()).collect())
    }
}

impl Injector for Lines {
    fn set(&mut self, key: &str, value: String) {
        self.0.push((key.to_owned(), value));
    }
}

/// For every propagator: an extracted context is valid and remote, or there is none; an injected context is extracted
/// unchanged.
pub fn propagator(name: PropagatorName, headers: &Lines) {
    let propagator = composite(&[name]);
    let extracted = propagator.extract_with_context(&Context::new(), headers);
    if !extracted.has_active_span() {
        return;
    }
    let parent = extracted.span().span_context().clone();
    assert!(parent.is_valid() && parent.is_remote(), "{headers:?}");
    let mut sent = Lines::default();
    propagator.inject_context(&extracted, &mut sent);
    for (name, value) in &sent.0 {
        assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{name}: {value:?} of {headers:?}");
    }
    let again = propagator.extract_with_context(&Context::new(), &sent);
    let again = again.span().span_context().clone();
    assert_eq!((again.trace_id(), again.span_id()), (parent.trace_id(), parent.span_id()), "{headers:?}");
    assert_eq!(again.is_sampled(), parent.is_sampled(), "{headers:?}");
    assert_eq!(again.trace_state(), parent.trace_state(), "{headers:?}");
}

/// A valid trace state has 32 members at most, each key once, and is parsed again unchanged.
pub fn trace_state(lines: &[&str]) {
    let header = match trace_state::parse(lines) {
        None => return,
        Some(Parsed::State(state)) => state.header(),
        Some(Parsed::Level2(header)) => header,
    };
    let again = match trace_state::parse(&[&header]) {
        Some(Parsed::State(state)) => state.header(),
        Some(Parsed::Level2(header)) => header,
        None => panic!("{lines:?} became {header:?}"),
    };
    assert_eq!(again, header, "{lines:?}");
    let keys: Vec<_> = header.split(',').filter_map(|member| member.split_once('=')).map(|(key, _)| key).collect();
    assert!(keys.len() <= 32, "{lines:?}");
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "{lines:?}");
}

/// Baggage is bounded for any headers.
pub fn baggage(lines: &[&str]) {
    let lines = Lines(lines.iter().map(|line| ("baggage".to_owned(), (*line).to_owned())).collect());
    let extracted = BaggagePropagator::new().extract_with_context(&Context::new(), &lines);
    let entries: Vec<_> = extracted.baggage().iter().collect();
    assert!(entries.len() <= 64, "{lines:?}");
    let bytes: usize = entries.iter().map(|(key, (value, _))| key.as_str().len() + value.as_str().len()).sum();
    assert!(bytes <= 8192, "{lines:?}");
    let mut sent = Lines::default();
    BaggagePropagator::new().inject_context(&extracted, &mut sent);
    for (_, header) in &sent.0 {
        assert!(header.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) && header.len() <= 8192, "{header:?}");
    }
}

/// A value of any characters is injected and extracted unchanged.
pub fn baggage_value(value: &str) {
    let context = Context::new().with_baggage([KeyValue::new("key", value.to_owned())]);
    let mut sent = Lines::default();
    BaggagePropagator::new().inject_context(&context, &mut sent);
    // A value that is too long when it is encoded is not sent.
    if sent.0.is_empty() {
        return;
    }
    let back = BaggagePropagator::new().extract_with_context(&Context::new(), &sent);
    assert_eq!(back.baggage().get("key").map(opentelemetry::StringValue::as_str), Some(value), "{sent:?}");
}

#[cfg(test)]
mod tests;
