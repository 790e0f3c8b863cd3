//! The context of a request that leaves no telemetry.

use super::trace_context::{self, Caller};
use crate::http::HeaderLookup;
use crate::propagation::{self, Unsampled};
use crate::suppress::{silenced, unsampled};
use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt as _, TraceState};

/// A context in which nothing is recorded, for a request with these headers.
///
/// The caller's trace goes on unsampled, or an unsampled trace begins: services that the handler calls see that, and start
/// no traces of their own. In this process, telemetry below the context is suppressed, whatever the sampler decides.
#[must_use]
pub fn excluded_context(headers: &dyn HeaderLookup) -> Context {
    thread_local! {
        /// The context for all requests without a trace. Ids are generated when the handler calls another service.
        static SILENCE: Context = Context::new().with_value(Unsampled).with_telemetry_suppressed();
    }
    match Caller::of(headers, propagation::are_usual()) {
        Caller::Span(None) => SILENCE.with(Context::clone),
        Caller::Span(Some(ids)) => {
            let parent = unsampled(&ids.context(true, TraceState::NONE));
            Context::new().with_remote_span_context(parent).with_telemetry_suppressed()
        }
        Caller::Other => silenced(&trace_context::extract(headers)),
    }
}

/// The context of a request in a process whose telemetry is off: the caller's context is forwarded unchanged
/// ([`OTEL_SDK_DISABLED`](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)
/// does not disable propagators). `None` if the propagators are the usual ones, and the caller sent no valid `traceparent`,
/// `tracestate` or `baggage`.
#[must_use]
pub fn passing_context(headers: &dyn HeaderLookup) -> Option<Context> {
    trace_context::sent_context(headers, propagation::are_usual())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::http::properties::Lines;
    use crate::propagation::TraceContextPropagator;
    use opentelemetry::propagation::TextMapPropagator as _;
    use opentelemetry::trace::TraceId;
    use std::collections::HashMap;

    #[test]
    fn nothing_below_is_sampled_and_a_trace_is_kept() {
        crate::propagation::install(&[
            crate::config::PropagatorName::TraceContext,
            crate::config::PropagatorName::Baggage,
        ]);
        let headers = Lines(vec![("traceparent", b"00-00000000000000000000000000000007-0000000000000008-01")]);
        let excluded = excluded_context(&headers);
        assert_eq!(excluded.span().span_context().trace_id(), TraceId::from(7));
        assert!(!excluded.span().span_context().is_sampled());
        assert!(excluded.is_telemetry_suppressed());
    }

    #[test]
    fn an_unsampled_trace_begins_with_each_call() {
        let excluded = excluded_context(&());
        assert!(excluded.is_telemetry_suppressed());
        let sent = || {
            let mut carrier = HashMap::new();
            TraceContextPropagator::new().inject_context(&excluded, &mut carrier);
            carrier.remove("traceparent").unwrap()
        };
        let (first, second) = (sent(), sent());
        assert!(first.ends_with("-00") && second.ends_with("-00") && first != second, "{first} {second}");
    }
}
