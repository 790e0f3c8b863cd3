//! Starts spans.

use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::trace::{
    SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceState,
};

use super::clock::Moment;
use super::record::{Facts, Origin, SpanRecord};
use super::sampling::Candidate;
use super::{Span, id};

/// Bits of a parent's flags that its children keep: that the trace id is random, which does not change on the way
/// ([level 2](https://www.w3.org/TR/trace-context-2/#random-trace-id-flag)).
const INHERITED: TraceFlags = TraceFlags::new(0x02);

/// A tracer of the [`TracerProvider`](super::TracerProvider).
#[derive(Clone, Debug)]
pub struct Tracer {
    pub(crate) origin: Arc<Origin>,
}

impl Tracer {
    /// The context of a new span below `parent`, which is valid, and whether it is sampled. `None` if the sampler has to
    /// see more than that.
    #[inline]
    pub(crate) fn sampled_context(&self, parent: Option<&SpanContext>, now: Moment) -> Option<(SpanContext, bool)> {
        let (trace_id, flags, trace_state) = match parent {
            Some(parent) => (parent.trace_id(), parent.trace_flags() & INHERITED, parent.trace_state().clone()),
            None => (id::trace_id(now), TraceFlags::NOT_SAMPLED, TraceState::NONE),
        };
        let is_sampled = self.origin.pipeline.sampling.decide_early(parent, trace_id)?;
        let flags = flags.with_sampled(is_sampled);
        Some((SpanContext::new(trace_id, id::span_id(now), flags, false, trace_state), is_sampled))
    }

    /// An empty record of a span that starts now.
    #[inline]
    pub(crate) fn record(&self, context: SpanContext, parent: Option<&SpanContext>, now: Moment) -> SpanRecord {
        let start = now.timestamp();
        SpanRecord {
            origin: Arc::clone(&self.origin),
            context,
            parent_span_id: parent.map_or(SpanId::INVALID, SpanContext::span_id),
            parent_is_remote: parent.is_some_and(SpanContext::is_remote),
            kind: SpanKind::Internal,
            name: "".into(),
            start,
            end: start,
            code: None,
            attributes: Vec::new(),
            dropped_attributes: 0,
            events: None,
            links: None,
            status: Status::Unset,
        }
    }
}

impl opentelemetry::trace::Tracer for Tracer {
    type Span = Span;

    fn build_with_context(&self, builder: SpanBuilder, parent_cx: &Context) -> Self::Span {
        let pipeline = &self.origin.pipeline;
        if parent_cx.is_telemetry_suppressed() || pipeline.is_shut_down() {
            return Span::not_recorded(SpanContext::NONE);
        }
        let SpanBuilder { span_kind, name, start_time, attributes, events, links } = builder;
        let (kind, attributes, links) =
            (span_kind.unwrap_or(SpanKind::Internal), attributes.unwrap_or_default(), links.unwrap_or_default());
        let now = Moment::now();
        let parent = parent_cx.span();
        let parent = Some(parent.span_context()).filter(|parent| parent.is_valid());
        let trace_id = parent.map_or_else(|| id::trace_id(now), SpanContext::trace_id);
        let decision = pipeline.sampling.decide(&Candidate {
            parent: parent_cx,
            trace_id,
            name: &name,
            kind: &kind,
            attributes: &attributes,
            links: &links,
        });
        let flags = parent.map_or(TraceFlags::NOT_SAMPLED, SpanContext::trace_flags) & INHERITED;
        let flags = flags.with_sampled(decision.is_sampled);
        let context = SpanContext::new(trace_id, id::span_id(now), flags, false, decision.trace_state);
        if !decision.is_recording {
            return Span::not_recorded(context);
        }
        let mut record = self.record(context, parent, now);
        record.kind = kind;
        record.name = name;
        if let Some(start) = start_time {
            record.start = start.into();
            record.end = record.start;
        }
        let limits = pipeline.limits;
        attributes.into_iter().chain(decision.attributes).for_each(|kv| record.set_attribute(kv, &limits));
        events.into_iter().flatten().for_each(|event| record.add_event(event, &limits));
        for link in links {
            record.add_link(link, &limits);
        }
        Span::recorded(pipeline, record, Facts::None)
    }
}
