//! What is told to whoever is called.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState};

use crate::clock::Moment;
use crate::id_generator::{span_id as new_span_id, trace_id as new_trace_id};

/// In a context: nothing is recorded here, and whoever is called is told so. The ids of the trace that is not sampled are
/// made when they are needed, which is seldom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unsampled;

/// The span context to send; `None` if there is nothing to tell.
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
