//! What tells spans apart.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// What tells a span from all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ids {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) flags: TraceFlags,
}

impl Ids {
    pub(super) const INVALID: Self =
        Self { trace_id: TraceId::INVALID, span_id: SpanId::INVALID, flags: TraceFlags::NOT_SAMPLED };

    /// As the API has it.
    #[inline]
    pub(crate) fn context(self, is_remote: bool, state: TraceState) -> SpanContext {
        SpanContext::new(self.trace_id, self.span_id, self.flags, is_remote, state)
    }
}

/// The parent of a span that is about to start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent<'a> {
    pub(crate) ids: Ids,
    pub(crate) is_remote: bool,
    /// `None` where there is none.
    pub(crate) state: Option<&'a TraceState>,
}

impl<'a> Parent<'a> {
    /// `None` if there is no such span.
    #[inline]
    pub(crate) fn of(context: &'a SpanContext) -> Option<Self> {
        let (trace_id, span_id, flags) = (context.trace_id(), context.span_id(), context.trace_flags());
        let (ids, is_remote) = (Ids { trace_id, span_id, flags }, context.is_remote());
        context.is_valid().then(|| Self { ids, is_remote, state: Some(context.trace_state()) })
    }

    /// Its children have the same.
    #[inline]
    pub(crate) fn trace_state(parent: Option<Self>) -> TraceState {
        parent.and_then(|parent| parent.state).cloned().unwrap_or_default()
    }
}
