//! The [tracing header](https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader)
//! of AWS X-Ray.

use std::sync::LazyLock;

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState};

use super::hex::{span_id, trace_id};
use super::{outgoing, single};

const HEADER: &str = "x-amzn-trace-id";
static FIELDS: LazyLock<[String; 1]> = LazyLock::new(|| [HEADER.to_owned()]);

/// Propagates the span context in the header `X-Amzn-Trace-Id`.
///
/// A header without `Parent`, as load balancers send it, names no parent. One that leaves the sampling decision open
/// (`Sampled=?`, or nothing) counts as sampled: a trace too many is better than a lost one.
#[derive(Clone, Copy, Debug, Default)]
pub struct XrayPropagator {
    _private: (),
}

impl XrayPropagator {
    /// Creates the propagator.
    #[must_use]
    pub const fn new() -> Self {
        Self { _private: () }
    }
}

impl TextMapPropagator for XrayPropagator {
    fn inject_context(&self, cx: &Context, injector: &mut dyn Injector) {
        let Some(parent) = outgoing::span_context(cx) else { return };
        let trace = parent.trace_id().to_string();
        let (time, unique) = trace.split_at_checked(8).unwrap_or_default();
        let sampled = u8::from(parent.is_sampled());
        injector.set(HEADER, format!("Root=1-{time}-{unique};Parent={};Sampled={sampled}", parent.span_id()));
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

/// `Root=1-<8 digits>-<24 digits>;Parent=<16 digits>;Sampled=<0|1|?>`, in any order, with other fields between.
fn parse(header: &str) -> Option<SpanContext> {
    let (mut root, mut parent, mut flags) = (None, None, TraceFlags::SAMPLED);
    for field in header.split(';') {
        match field.trim().split_once('=') {
            Some(("Root", value)) => root = Some(value),
            Some(("Parent", value)) => parent = Some(value),
            Some(("Sampled", "0")) => flags = TraceFlags::NOT_SAMPLED,
            _ => {}
        }
    }
    let (time, unique) = root?.strip_prefix("1-")?.split_once('-')?;
    let parent = parent.filter(|parent| parent.len() == 16)?;
    if time.len() != 8 || unique.len() != 24 {
        return None;
    }
    let trace = trace_id([time, unique].concat().as_bytes())?;
    Some(SpanContext::new(trace, span_id(parent.as_bytes())?, flags, true, TraceState::NONE))
}
