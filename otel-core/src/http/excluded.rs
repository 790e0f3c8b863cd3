//! The context of a request that leaves no telemetry.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState};
use opentelemetry_sdk::trace::{IdGenerator as _, RandomIdGenerator};

/// A context in which nothing is recorded, for a request that came in with `parent`.
///
/// Its trace goes on unsampled, or an unsampled one begins: services that are called meanwhile see that, and do not
/// start traces of their own. In this process everything below is suppressed, whatever the sampler thinks of it.
#[must_use]
pub fn excluded_context(parent: &Context) -> Context {
    let span = parent.span();
    let remote = span.span_context();
    let unsampled = if remote.is_valid() {
        let flags = remote.trace_flags() & !TraceFlags::SAMPLED;
        SpanContext::new(remote.trace_id(), remote.span_id(), flags, true, remote.trace_state().clone())
    } else {
        let ids = RandomIdGenerator::default();
        SpanContext::new(ids.new_trace_id(), ids.new_span_id(), TraceFlags::default(), true, TraceState::default())
    };
    parent.with_remote_span_context(unsampled).with_telemetry_suppressed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::{SpanId, TraceId};

    #[test]
    fn nothing_below_is_sampled_and_a_trace_is_kept() {
        let remote =
            SpanContext::new(TraceId::from(7), SpanId::from(8), TraceFlags::SAMPLED, true, TraceState::default());
        let excluded = excluded_context(&Context::new().with_remote_span_context(remote));
        assert_eq!(excluded.span().span_context().trace_id(), TraceId::from(7));
        assert!(!excluded.span().span_context().is_sampled());
        assert!(excluded.is_telemetry_suppressed());

        let excluded = excluded_context(&Context::new());
        assert!(excluded.span().span_context().is_valid() && !excluded.span().span_context().is_sampled());
    }
}
