//! W3C Trace Context, [level 2](https://www.w3.org/TR/trace-context-2/), by its text.
//!
//! The SDK's own propagator accepts ids and flags of any length, a `+` sign, upper-case versions and repeated headers, does
//! not join the lines of `tracestate`, and drops the random flag. Malformed headers that it accepts join unrelated traces.

use std::sync::LazyLock;

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};

use super::hex::{self, number, to_nibbles, two_digits};
use super::trace_state::{self, Parsed};
use super::{outgoing, single};
use crate::span_ids::Ids;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
static FIELDS: LazyLock<[String; 2]> = LazyLock::new(|| [TRACEPARENT.to_owned(), TRACESTATE.to_owned()]);

/// `version "-" trace-id "-" parent-id "-" trace-flags`
const LENGTH: usize = 55;

/// The flags of level 2: sampled (1) and random trace id (2). Others must not be propagated.
const KNOWN_FLAGS: TraceFlags = TraceFlags::new(0x03);

const RANDOM: TraceFlags = TraceFlags::new(0x02);

/// Parts of the incoming headers that have to be sent on and would be lost: the SDK drops the random flag of a trace that
/// it does not sample, and the API's `TraceState` refuses some states of level 2.
#[derive(Debug)]
struct Kept {
    trace_id: TraceId,
    random: TraceFlags,
    state: Option<String>,
}

/// Propagates the span context in the headers `traceparent` and `tracestate`.
///
/// An invalid or repeated `traceparent` counts as none, which makes the next span a root; an invalid `tracestate`
/// is left out without losing the parent.
///
/// ```
/// use std::collections::HashMap;
/// use opentelemetry::{propagation::TextMapPropagator as _, trace::TraceContextExt as _};
/// use otel_core::propagation::TraceContextPropagator;
///
/// let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned();
/// let cx = TraceContextPropagator::new().extract(&HashMap::from([("traceparent".to_owned(), header)]));
/// assert_eq!(cx.span().span_context().span_id().to_string(), "00f067aa0ba902b7");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceContextPropagator {
    _private: (),
}

impl TraceContextPropagator {
    /// Creates the propagator.
    #[must_use]
    pub const fn new() -> Self {
        Self { _private: () }
    }
}

/// The headers that pass a context on.
#[derive(Debug)]
pub(crate) struct TraceContextHeaders {
    pub(crate) traceparent: [u8; LENGTH],
    /// `tracestate`, which may be empty.
    pub(crate) state: String,
}

impl TraceContextHeaders {
    /// The headers for this context. `None` if it has no span.
    #[inline]
    pub(crate) fn of(cx: &Context) -> Option<Self> {
        let parent = outgoing::span_context(cx)?;
        let (trace_id, span_id) = (parent.trace_id(), parent.span_id());
        let kept = cx.get::<Kept>().filter(|kept| kept.trace_id == trace_id);
        let flags = parent.trace_flags() & KNOWN_FLAGS | kept.map_or(TraceFlags::NOT_SAMPLED, |kept| kept.random);
        let mut traceparent = [b'-'; LENGTH];
        traceparent[..2].copy_from_slice(b"00");
        hex::write_digits(trace_id.to_bytes(), &mut traceparent[3..35]);
        hex::write_digits(span_id.to_bytes(), &mut traceparent[36..52]);
        hex::write_digits([flags.to_u8()], &mut traceparent[53..]);
        let mut state = parent.trace_state().header();
        if let (true, Some(kept)) = (state.is_empty(), kept.and_then(|kept| kept.state.as_ref())) {
            state.clone_from(kept);
        }
        Some(Self { traceparent, state })
    }
}

impl TextMapPropagator for TraceContextPropagator {
    fn inject_context(&self, cx: &Context, injector: &mut dyn Injector) {
        let Some(headers) = TraceContextHeaders::of(cx) else { return };
        injector.set(TRACEPARENT, String::from_utf8_lossy(&headers.traceparent).into_owned());
        if !headers.state.is_empty() {
            injector.set(TRACESTATE, headers.state);
        }
    }

    fn extract_with_context(&self, cx: &Context, extractor: &dyn Extractor) -> Context {
        let Some(Ids { trace_id, span_id, flags }) =
            single(extractor, TRACEPARENT).and_then(|header| parse(header.as_bytes()))
        else {
            return cx.clone();
        };
        let parsed = extractor.get_all(TRACESTATE).and_then(|lines| trace_state::parse(&lines)).unwrap_or_default();
        let (represented, state) = match parsed {
            Parsed::State(state) => (state, None),
            Parsed::Level2(header) => (TraceState::NONE, Some(header)),
        };
        let random = flags & RANDOM;
        let remote = cx.with_remote_span_context(SpanContext::new(trace_id, span_id, flags, true, represented));
        if random == RANDOM || state.is_some() { remote.with_value(Kept { trace_id, random, state }) } else { remote }
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_slice())
    }
}

/// Parses a `traceparent` header that has one line.
#[inline]
pub(crate) fn parse_traceparent(header: &[u8]) -> Option<Ids> {
    parse(header).or_else(|| parse(trimmed(header)?))
}

/// A header without the blanks that intermediaries may add around it.
#[cold]
fn trimmed(header: &[u8]) -> Option<&[u8]> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = header.iter().position(|byte| !is_blank(byte))?;
    let end = header.iter().rposition(|byte| !is_blank(byte))?;
    header.get(start..=end)
}

/// Parses a `traceparent` in place, without an allocation.
#[inline]
fn parse(bytes: &[u8]) -> Option<Ids> {
    let (known, rest) = bytes.split_first_chunk::<LENGTH>()?;
    let [v0, v1, b'-', ids @ .., b'-', f0, f1] = known else { return None };
    // The digits of both ids, without the dash in between.
    let mut digits = [0; 48];
    let (trace, [b'-', span @ ..]) = ids.split_at(32) else { return None };
    digits[..32].copy_from_slice(trace);
    digits[32..].copy_from_slice(span);
    let are_digits = to_nibbles(&mut digits);
    let trace_id = [number::<0, 48>(&digits), number::<16, 48>(&digits)];
    let span_id = number::<32, 48>(&digits);
    if !are_digits || trace_id == [0, 0] || span_id == 0 {
        return None;
    }
    if [*v0, *v1] != *b"00" || !rest.is_empty() {
        may_have_fields([*v0, *v1], rest)?;
    }
    let flags = TraceFlags::new(two_digits([*f0, *f1])?) & KNOWN_FLAGS;
    let [first, last] = trace_id;
    Some(Ids {
        trace_id: TraceId::from(u128::from(first) << 64 | u128::from(last)),
        span_id: SpanId::from(span_id),
        flags,
    })
}

/// Versions after the first may append fields.
#[cold]
fn may_have_fields(version: [u8; 2], rest: &[u8]) -> Option<()> {
    let is_known = matches!(two_digits(version)?, 0x01..=0xfe);
    (is_known && rest.first().is_none_or(|&byte| byte == b'-')).then_some(())
}
