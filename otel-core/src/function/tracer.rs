//! The global tracer, kept per thread.

use std::cell::RefCell;

use opentelemetry::{
    Context, InstrumentationScope,
    global::{self, BoxedSpan, BoxedTracer},
    trace::{Span as _, SpanBuilder, TraceContextExt as _, Tracer as _},
};

thread_local! {
    /// A tracer that is known to record somewhere. Asking the API for one allocates, takes a lock and bumps two reference
    /// counts.
    static TRACER: RefCell<Option<BoxedTracer>> = const { RefCell::new(None) };
}

/// Starts a span with the global provider of now. One that is installed late, or after the first was shut down, is
/// still used.
pub(super) fn start(builder: SpanBuilder, parent: &Context) -> BoxedSpan {
    // `None` while the thread ends, or when a sampler or processor of the user's has a function span itself.
    let kept =
        TRACER.try_with(|tracer| tracer.try_borrow_mut().ok().and_then(|mut tracer| tracer.take())).ok().flatten();
    if let Some(tracer) = kept {
        let span = tracer.build_with_context(builder.clone(), parent);
        if is_real(&span, parent) {
            keep(tracer);
            return span;
        }
    }
    let tracer = tracer();
    let span = tracer.build_with_context(builder, parent);
    if is_real(&span, parent) {
        keep(tracer);
    }
    span
}

/// Whether a provider made the span: without one the API repeats the parent, after shutdown the SDK's has no ids.
fn is_real(span: &BoxedSpan, parent: &Context) -> bool {
    let context = span.span_context();
    context.is_valid() && context.span_id() != parent.span().span_context().span_id()
}

fn keep(tracer: BoxedTracer) {
    // Refused only while the thread ends.
    let _ = TRACER.try_with(|kept| kept.try_borrow_mut().map(|mut kept| *kept = Some(tracer)));
}

fn tracer() -> BoxedTracer {
    global::tracer_with_scope(
        InstrumentationScope::builder(env!("CARGO_PKG_NAME")).with_version(env!("CARGO_PKG_VERSION")).build(),
    )
}
