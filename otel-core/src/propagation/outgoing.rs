//! The span context that is sent to called services.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState};

use crate::clock::Moment;
use crate::id_generator::{span_id as new_span_id, trace_id as new_trace_id};

/// A mark in contexts in which nothing is recorded: called services get a trace that is not sampled. Its ids are made
/// only when a call needs them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unsampled;

/// The span context to send; `None` if there is none.
pub(super) fn span_context(cx: &Context) -> Option<SpanContext> {
    if cx.has_active_span() {
        let span = cx.span();
        let context = span.span_context();
        if context.is_valid() {
            return Some(context.clone());
        }
    }
    cx.get::<Unsampled>()?;
    let now = Moment::now();
    let (trace_id, span_id) = (new_trace_id(now), new_span_id(now));
    Some(SpanContext::new(trace_id, span_id, TraceFlags::NOT_SAMPLED, false, TraceState::NONE))
}
