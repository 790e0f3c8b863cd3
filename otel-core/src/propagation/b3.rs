//! Zipkin's [B3](https://github.com/openzipkin/b3-propagation), by OpenTelemetry's
//! [requirements](https://opentelemetry.io/docs/specs/otel/context/api-propagators/#b3-requirements).
//!
//! `opentelemetry-zipkin` keeps "no decision yet" in the bit that W3C Trace Context now uses for random trace ids, so
//! it loses the sampling decision next to `tracecontext`. It also reads a debug trace as not sampled.

use std::sync::LazyLock;

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceId, TraceState};

use super::hex::{span_id, trace_id};
use super::{outgoing, single};

const SINGLE: &str = "b3";
const TRACE_ID: &str = "x-b3-traceid";
const SPAN_ID: &str = "x-b3-spanid";
const SAMPLED: &str = "x-b3-sampled";
const FLAGS: &str = "x-b3-flags";
static SINGLE_FIELDS: LazyLock<[String; 1]> = LazyLock::new(|| [SINGLE.to_owned()]);
static MULTIPLE_FIELDS: LazyLock<[String; 4]> =
    LazyLock::new(|| [TRACE_ID, SPAN_ID, SAMPLED, FLAGS].map(str::to_owned));

/// The mark of a debug trace of the caller, which has to be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Debug(TraceId);

/// The format that is written; both are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum B3Encoding {
    /// One header, `b3` (`OTEL_PROPAGATORS=b3`).
    Single,
    /// The headers `X-B3-*` (`OTEL_PROPAGATORS=b3multi`).
    Multiple,
}

/// Propagates the span context in B3 headers.
///
/// B3 can leave the sampling decision to the receiver; a span context cannot. Such a parent counts as sampled:
/// a trace too many is better than a lost one.
#[derive(Clone, Copy, Debug)]
pub struct B3Propagator {
    encoding: B3Encoding,
}

impl B3Propagator {
    /// Creates the propagator.
    #[must_use]
    pub const fn new(encoding: B3Encoding) -> Self {
        Self { encoding }
    }
}

impl TextMapPropagator for B3Propagator {
    fn inject_context(&self, cx: &Context, injector: &mut dyn Injector) {
        let Some(parent) = outgoing::span_context(cx) else { return };
        let (trace, span) = (parent.trace_id(), parent.span_id());
        // The mark holds for this trace only, and is not sent for an excluded request.
        let debug = parent.is_sampled() && cx.get::<Debug>() == Some(&Debug(trace));
        let sampled = if parent.is_sampled() { "1" } else { "0" };
        match self.encoding {
            B3Encoding::Single => {
                injector.set(SINGLE, format!("{trace}-{span}-{}", if debug { "d" } else { sampled }));
            }
            B3Encoding::Multiple => {
                injector.set(TRACE_ID, trace.to_string());
                injector.set(SPAN_ID, span.to_string());
                // Debug implies sampled, and is sent instead.
                let (name, value) = if debug { (FLAGS, "1") } else { (SAMPLED, sampled) };
                injector.set(name, value.to_owned());
            }
        }
    }

    fn extract_with_context(&self, cx: &Context, extractor: &dyn Extractor) -> Context {
        let parsed = single(extractor, SINGLE).and_then(parse_single).or_else(|| parse_multiple(extractor));
        match parsed {
            Some((parent, true)) => cx.with_value(Debug(parent.trace_id())).with_remote_span_context(parent),
            Some((parent, false)) => cx.with_remote_span_context(parent),
            None => cx.clone(),
        }
    }

    fn fields(&self) -> FieldIter<'_> {
        match self.encoding {
            B3Encoding::Single => FieldIter::new(SINGLE_FIELDS.as_slice()),
            B3Encoding::Multiple => FieldIter::new(MULTIPLE_FIELDS.as_slice()),
        }
    }
}

/// `trace-span[-sampled[-parent]]`. The flag is `true` for a debug trace.
fn parse_single(header: &str) -> Option<(SpanContext, bool)> {
    let mut fields = header.split('-');
    let (trace, span, sampled) = (fields.next()?, fields.next()?, fields.next());
    if fields.next().is_some_and(|parent| !is_span_id(parent)) || fields.next().is_some() {
        return None;
    }
    let debug = sampled == Some("d");
    context(trace, span, if debug { Some("1") } else { sampled }).map(|parent| (parent, debug))
}

fn parse_multiple(extractor: &dyn Extractor) -> Option<(SpanContext, bool)> {
    let debug = single(extractor, FLAGS) == Some("1");
    let sampled = if debug { Some("1") } else { single(extractor, SAMPLED) };
    let parent = context(single(extractor, TRACE_ID)?, single(extractor, SPAN_ID)?, sampled)?;
    Some((parent, debug))
}

fn context(trace: &str, span: &str, sampled: Option<&str>) -> Option<SpanContext> {
    if !matches!(trace.len(), 16 | 32) || !is_span_id(span) {
        return None;
    }
    let flags = match sampled {
        None | Some("1" | "true") => TraceFlags::SAMPLED,
        Some("0" | "false") => TraceFlags::NOT_SAMPLED,
        Some(_) => return None,
    };
    let (trace, span) = (trace_id(trace.as_bytes())?, span_id(span.as_bytes())?);
    Some(SpanContext::new(trace, span, flags, true, TraceState::NONE))
}

fn is_span_id(text: &str) -> bool {
    text.len() == 16 && span_id(text.as_bytes()).is_some()
}
