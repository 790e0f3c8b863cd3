//! The tracer: starts spans.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::trace::{SpanBuilder, SpanContext, SpanKind, TraceContextExt as _, TraceFlags};

use super::Span;
use super::open_span::OpenSpan;
use super::provider_core::TracerCore;
use super::record;
use super::sampling::Candidate;
use crate::clock::Moment;
use crate::id_generator as id;
use crate::span_ids::{Ids, Parent};

/// The trace id is random. A new root span sets this flag, and its descendants inherit it
/// ([level 2](https://www.w3.org/TR/trace-context-2/#random-trace-id-flag)).
const RANDOM: TraceFlags = TraceFlags::new(0x02);

/// A tracer of the [`TracerProvider`](super::TracerProvider).
#[derive(Clone, Debug)]
pub struct Tracer {
    pub(crate) core: Arc<TracerCore>,
}

impl Tracer {
    /// The ids of a new span below `parent`; their flags hold the sampling decision. `None` if the sampler is the
    /// application's: it needs to see the whole span, so the span has to be started through the API.
    #[inline]
    pub(crate) fn decide(&self, parent: Option<Parent<'_>>, now: Moment) -> Option<Ids> {
        let (trace_id, flags) = match parent {
            Some(parent) => (parent.ids.trace_id, parent.ids.flags & RANDOM),
            None => (id::trace_id(now), RANDOM),
        };
        let is_sampled = self.core.provider.sampling.decide_early(parent, trace_id)?;
        Some(Ids { trace_id, span_id: id::span_id(now), flags: flags.with_sampled(is_sampled) })
    }

    /// Returns `true` if a span with these ids is recorded: it is sampled, and there is an exporter. Without exporters the
    /// ids are still passed on, and with them the sampling decision.
    #[inline]
    pub(crate) fn records(&self, ids: Ids) -> bool {
        ids.flags.is_sampled() && !self.core.provider.queues.is_empty()
    }

    /// Returns `true` if there is no exporter.
    #[inline]
    pub(crate) fn exports_nothing(&self) -> bool {
        self.core.provider.queues.is_empty()
    }

    /// Returns `true` if the sampler drops all traces that start here.
    #[inline]
    pub(crate) fn samples_no_roots(&self) -> bool {
        self.core.provider.sampling.samples_no_roots()
    }

    /// Returns `true` if the provider has shut down: spans are not recorded any more.
    #[inline]
    pub(crate) fn is_shut_down(&self) -> bool {
        self.core.provider.is_shut_down()
    }
}

impl opentelemetry::trace::Tracer for Tracer {
    type Span = Span;

    fn build_with_context(&self, builder: SpanBuilder, parent_cx: &Context) -> Self::Span {
        let provider = &self.core.provider;
        if parent_cx.is_telemetry_suppressed() || provider.is_shut_down() {
            return Span::not_recorded(SpanContext::NONE);
        }
        let SpanBuilder { span_kind, name, start_time, attributes, events, links } = builder;
        let (kind, attributes, links) =
            (span_kind.unwrap_or(SpanKind::Internal), attributes.unwrap_or_default(), links.unwrap_or_default());
        let now = Moment::now();
        let parent = parent_cx.span();
        let parent = Parent::of(parent.span_context());
        let trace_id = parent.map_or_else(|| id::trace_id(now), |parent| parent.ids.trace_id);
        let decision = provider.sampling.decide(&Candidate {
            context: parent_cx,
            parent,
            trace_id,
            name: &name,
            kind: &kind,
            attributes: &attributes,
            links: &links,
        });
        let flags = parent.map_or(RANDOM, |parent| parent.ids.flags & RANDOM);
        let ids = Ids { trace_id, span_id: id::span_id(now), flags: flags.with_sampled(decision.is_sampled) };
        if !decision.is_recording || self.exports_nothing() {
            return Span::not_recorded(ids.context(false, decision.trace_state));
        }
        let mut span = OpenSpan::pooled();
        span.start(&self.core, ids, parent, now);
        span.record.kind = record::kind(&kind);
        if let Some(start) = start_time {
            // The start is probably a reading of the wall clock, so the end has to be read from it as well.
            (span.record.start, span.started) = (start.into(), None);
        }
        #[cfg(feature = "viewer")]
        span.report_start(&name, None);
        let limits = provider.limits;
        match name {
            Cow::Borrowed(name) => span.record.name = name,
            name @ Cow::Owned(_) => span.details_mut().app_data.set_name(name),
        }
        let details = span.details_mut();
        details.trace_state = decision.trace_state;
        let app_data = &mut details.app_data;
        attributes.into_iter().chain(decision.attributes).for_each(|kv| app_data.set_attribute(kv, &limits));
        events.into_iter().flatten().for_each(|event| app_data.add_event(event, &limits));
        for link in links {
            app_data.add_link(link, &limits);
        }
        Span::recorded(span)
    }
}
