//! Jaeger's [`uber-trace-id`](https://www.jaegertracing.io/sdk-migration/#propagation-format).

use std::sync::LazyLock;

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState};

use super::hex::{hex, span_id, trace_id};
use super::{outgoing, single};

const HEADER: &str = "uber-trace-id";
static FIELDS: LazyLock<[String; 1]> = LazyLock::new(|| [HEADER.to_owned()]);

const SAMPLED: u128 = 1;
const DEBUG: u128 = 2;

/// Propagates the span context in the header `uber-trace-id`. Jaeger's baggage headers (`uberctx-*`) are not read;
/// use `baggage`.
#[derive(Clone, Copy, Debug, Default)]
pub struct JaegerPropagator {
    _private: (),
}

impl JaegerPropagator {
    /// Creates the propagator.
    #[must_use]
    pub const fn new() -> Self {
        Self { _private: () }
    }
}

impl TextMapPropagator for JaegerPropagator {
    fn inject_context(&self, cx: &Context, injector: &mut dyn Injector) {
        if let Some(parent) = outgoing::span_context(cx) {
            // The third field, the parent's own parent, is deprecated and always zero.
            let flags = u8::from(parent.is_sampled());
            injector.set(HEADER, format!("{}:{}:0:{flags}", parent.trace_id(), parent.span_id()));
        }
    }

    fn extract_with_context(&self, cx: &Context, extractor: &dyn Extractor) -> Context {
        match single(extractor, HEADER).and_then(parse) {
            Some(parent) => cx.with_remote_span_context(parent),
            None => cx.clone(),
        }
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_slice())
    }
}

/// `trace:span:parent:flags`; leading zeros may be missing, and the colons may be percent-encoded.
fn parse(header: &str) -> Option<SpanContext> {
    let decoded;
    let header = if header.contains('%') {
        decoded = header.replace("%3A", ":").replace("%3a", ":");
        decoded.as_str()
    } else {
        header
    };
    let mut fields = header.split(':').map(str::as_bytes);
    let (trace, span, _parent, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() || span.len() > 16 || flags.is_empty() || flags.len() > 2 {
        return None;
    }
    // A debug trace is a sampled one.
    let sampled = hex(flags)? & (SAMPLED | DEBUG) != 0;
    let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::NOT_SAMPLED };
    Some(SpanContext::new(trace_id(trace)?, span_id(span)?, flags, true, TraceState::NONE))
}
