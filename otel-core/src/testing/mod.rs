//! Spans in memory, for tests of instrumented applications (cargo feature `testing`).
//!
//! The tracer provider is one per process, tests are many and run in parallel. So each test gets a trace of its own:
//! it makes that trace the parent of what it does, and sees the spans of that trace only.
//!
//! ```
//! use opentelemetry::trace::{Tracer as _, TracerProvider as _};
//! use otel_core::testing::TestTrace;
//!
//! let trace = TestTrace::start();
//! {
//!     let _current = trace.context().attach(); // or send `trace.traceparent()` with a request
//!     let tracer = opentelemetry::global::tracer_provider().tracer("docs");
//!     tracer.in_span("outer", |_cx| tracer.in_span("inner", |_cx| ()));
//! }
//! assert_eq!(trace.tree(), "outer\n  inner\n");
//! ```

mod store;
mod tree;

use std::sync::LazyLock;
use std::time::Duration;

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, global};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData};

use crate::config::PropagatorName;
use crate::propagation;
use store::Store;

/// Spans of all tests of this process. Made by the first test, together with the global provider and propagators.
static STORE: LazyLock<Store> = LazyLock::new(|| {
    let store = Store::default();
    let provider = SdkTracerProvider::builder()
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
        .with_simple_exporter(store.clone())
        .build();
    global::set_tracer_provider(provider);
    let names = [PropagatorName::TraceContext, PropagatorName::Baggage];
    global::set_text_map_propagator(propagation::composite(&names));
    store
});

/// A trace that belongs to one test. Its spans are forgotten when it is dropped.
#[derive(Debug)]
pub struct TestTrace {
    parent: SpanContext,
}

impl TestTrace {
    /// Starts a trace. The first one also installs the global tracer provider and propagators, so a test that uses
    /// this must not call [`init`](crate::startup::init).
    #[must_use]
    pub fn start() -> Self {
        LazyLock::force(&STORE);
        // Zero is no valid id; or-ing a bit costs no test anything.
        let (trace_id, span_id) = (rand::random::<u128>() | 1, rand::random::<u64>() | 1);
        let (trace_id, span_id) = (TraceId::from(trace_id), SpanId::from(span_id));
        Self { parent: SpanContext::new(trace_id, span_id, TraceFlags::SAMPLED, true, TraceState::NONE) }
    }

    /// The (remote) parent of everything in this trace.
    #[must_use]
    pub fn parent(&self) -> &SpanContext {
        &self.parent
    }

    /// A context whose spans belong to this trace.
    #[must_use]
    pub fn context(&self) -> Context {
        Context::new().with_remote_span_context(self.parent.clone())
    }

    /// The value of a `traceparent` header that makes a request part of this trace.
    #[must_use]
    pub fn traceparent(&self) -> String {
        format!("00-{}-{}-{:02x}", self.parent.trace_id(), self.parent.span_id(), self.parent.trace_flags())
    }

    /// The spans that have ended so far, in the order of their start.
    #[must_use]
    pub fn spans(&self) -> Vec<SpanData> {
        STORE.of_trace(self.parent.trace_id())
    }

    /// Waits until `count` spans have ended, at most `timeout`, and returns those there are. A response reaches the
    /// client before the server's span ends, so this is what a test of a real server needs.
    #[must_use]
    pub fn wait_for(&self, count: usize, timeout: Duration) -> Vec<SpanData> {
        STORE.wait_for(self.parent.trace_id(), count, timeout)
    }

    /// The spans that have ended so far, one per line, indented below their parents: names, and kinds but `INTERNAL`.
    #[must_use]
    pub fn tree(&self) -> String {
        tree::draw(&self.spans(), self.parent.span_id())
    }
}

impl Drop for TestTrace {
    fn drop(&mut self) {
        STORE.forget(self.parent.trace_id());
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::KeyValue;
    use opentelemetry::trace::{SpanKind, Tracer as _};

    use super::*;

    #[test]
    fn tests_see_their_own_spans_only() {
        let (mine, other) = (TestTrace::start(), TestTrace::start());
        for trace in [&mine, &other] {
            let _current = trace.context().attach();
            global::tracer("test").in_span("work", |cx| cx.span().set_attribute(KeyValue::new("key", 1)));
        }
        assert_eq!((mine.spans().len(), other.spans().len()), (1, 1));
        assert_eq!(mine.spans().first().map(|span| span.parent_span_id), Some(mine.parent().span_id()));
        assert!(mine.traceparent().contains(&mine.parent().trace_id().to_string()));
    }

    #[test]
    fn spans_of_other_threads_are_waited_for() {
        let trace = TestTrace::start();
        let context = trace.context();
        let thread = std::thread::spawn(move || {
            let tracer = global::tracer("test");
            drop(tracer.span_builder("elsewhere").with_kind(SpanKind::Server).start_with_context(&tracer, &context));
        });
        assert_eq!(trace.wait_for(1, Duration::from_secs(30)).len(), 1);
        assert_eq!(trace.tree(), "elsewhere [SERVER]\n");
        assert!(thread.join().is_ok());
        assert_eq!(trace.wait_for(2, Duration::from_millis(10)).len(), 1, "what is there when time is up");
    }
}
