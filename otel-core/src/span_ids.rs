//! The ids of a span, and those of its parent.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// The ids of a span, and its flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ids {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) flags: TraceFlags,
}

impl Ids {
    pub(super) const INVALID: Self =
        Self { trace_id: TraceId::INVALID, span_id: SpanId::INVALID, flags: TraceFlags::NOT_SAMPLED };

    /// The span context of the API.
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
    /// `None` if the parent has no trace state.
    pub(crate) state: Option<&'a TraceState>,
}

impl<'a> Parent<'a> {
    /// The parent that the span context names. `None` if the context is invalid: there is no parent.
    #[inline]
    pub(crate) fn of(context: &'a SpanContext) -> Option<Self> {
        let (trace_id, span_id, flags) = (context.trace_id(), context.span_id(), context.trace_flags());
        let (ids, is_remote) = (Ids { trace_id, span_id, flags }, context.is_remote());
        context.is_valid().then(|| Self { ids, is_remote, state: Some(context.trace_state()) })
    }

    /// The trace state that a child of the parent inherits.
    #[inline]
    pub(crate) fn trace_state(parent: Option<Self>) -> TraceState {
        parent.and_then(|parent| parent.state).cloned().unwrap_or_default()
    }
}
