//! Spans, metrics and log records in memory, for tests of instrumented applications (cargo feature `testing`).
//!
//! A process has one provider of each signal, and many tests that run in parallel. So each test gets a trace of its own:
//! it makes that trace the parent of its work, and sees the telemetry of that trace only.
//!
//! ```
//! use opentelemetry::{KeyValue, global, trace::Tracer as _};
//! use otel_core::testing::TestTrace;
//!
//! let trace = TestTrace::start();
//! {
//!     let _current = trace.context().attach(); // or send `trace.traceparent()` with a request
//!     global::tracer("docs").in_span("order", |_cx| {
//!         global::meter("docs").u64_counter("orders").build().add(2, &[KeyValue::new("plan", "free")]);
//!         global::tracer("docs").in_span("charge", |_cx| ());
//!     });
//! }
//! assert_eq!(trace.tree(), "order\n  charge\n");
//! assert_eq!(trace.metrics_list(), "orders [Counter]\n  plan=free: 2\n");
//! ```
//!
//! # Telemetry of a trace
//!
//! - A span by its trace id. A span that starts a trace of its own is not seen.
//! - A measurement by the span that is current while it is made. So instruments with callbacks are not seen, nor is
//!   `http.server.active_requests`, which counts a request before it has a span.
//! - A log record by the span that is current while it is made. `tracing` events become log records if
//!   [`logs::layer`](crate::logs::layer) is part of the subscriber; without a subscriber, from
//!   [`TestTrace::listen`] on.

mod log;
mod measurement;
mod metric;
mod process;
mod store;
mod tree;

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use opentelemetry_sdk::trace::SpanData;

pub use log::LogData;
pub use metric::{Metric, MetricKind, Point};
use process::store;

/// A trace that belongs to one test. Its telemetry is forgotten when it is dropped.
#[derive(Debug)]
pub struct TestTrace {
    parent: SpanContext,
}

impl TestTrace {
    /// Starts a trace. The first one also installs the global providers and propagators, so a test that uses this must
    /// not call [`init`](crate::startup::init).
    #[must_use]
    pub fn start() -> Self {
        // Zero is no valid id.
        let (trace_id, span_id) = (rand::random::<u128>() | 1, rand::random::<u64>() | 1);
        let (trace_id, span_id) = (TraceId::from(trace_id), SpanId::from(span_id));
        store().open(trace_id);
        Self { parent: SpanContext::new(trace_id, span_id, TraceFlags::SAMPLED, true, TraceState::NONE) }
    }

    /// Makes log records of `tracing` events and records of the `log` crate from now on, in the whole process, with
    /// [`logs::try_init`](crate::logs::try_init). A process with a subscriber or a logger stays as it is.
    #[must_use]
    pub fn listen(self) -> Self {
        // An error means that another test has called this, or that the process has its own logging.
        let _ = crate::logs::try_init();
        self
    }

    /// The (remote) parent of everything in this trace.
    #[must_use]
    pub fn parent(&self) -> &SpanContext {
        &self.parent
    }

    /// A context whose telemetry belongs to this trace.
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
        let mut spans = store().read(self.parent.trace_id(), |recorded| recorded.spans.clone());
        spans.sort_by_key(|span| span.start_time);
        spans
    }

    /// The measurements so far, by instrument, in the order of the first measurements.
    #[must_use]
    pub fn metrics(&self) -> Vec<Metric> {
        store().read(self.parent.trace_id(), |recorded| Metric::of(&recorded.measurements))
    }

    /// The measurements of the instrument `name` so far. `None` if there are none.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<Metric> {
        self.metrics().into_iter().find(|metric| metric.name == name)
    }

    /// The log records so far, in their order.
    #[must_use]
    pub fn logs(&self) -> Vec<LogData> {
        store().read(self.parent.trace_id(), |recorded| recorded.logs.clone())
    }

    /// Waits until `count` spans have ended, at most `timeout`, and returns the spans that have ended. For tests of real
    /// servers: a response reaches the client before the server's span ends.
    #[must_use]
    pub fn wait_for(&self, count: usize, timeout: Duration) -> Vec<SpanData> {
        self.wait_until(timeout, || self.spans().len() >= count);
        self.spans()
    }

    /// Waits until `condition` returns `true`, at most `timeout`, and returns its last value. It is called whenever
    /// something was recorded. A span ends before its duration is measured, so wait for the telemetry that you check:
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # use otel_core::testing::TestTrace;
    /// # let trace = TestTrace::start();
    /// # let context = trace.context();
    /// # std::thread::spawn(move || {
    /// #     let _current = context.attach();
    /// #     opentelemetry::global::meter("docs").u64_counter("orders").build().add(1, &[]);
    /// # });
    /// assert!(trace.wait_until(Duration::from_secs(10), || trace.metric("orders").is_some()));
    /// ```
    #[allow(clippy::must_use_candidate, reason = "the checks that follow fail, too")]
    pub fn wait_until(&self, timeout: Duration, condition: impl FnMut() -> bool) -> bool {
        store().wait(timeout, condition)
    }

    /// The spans that have ended so far, one per line, indented below their parents: names, and kinds but `INTERNAL`.
    #[must_use]
    pub fn tree(&self) -> String {
        tree::draw(&self.spans(), self.parent.span_id())
    }

    /// The measurements so far, by the names of the instruments, as [`Metric`] displays them: without values that differ
    /// from run to run.
    #[must_use]
    pub fn metrics_list(&self) -> String {
        let mut metrics = self.metrics();
        metrics.sort_by(|one, other| one.name.cmp(&other.name));
        metrics.iter().map(ToString::to_string).collect()
    }

    /// The log records so far, one per line, as [`LogData`] displays them.
    #[must_use]
    pub fn logs_list(&self) -> String {
        self.logs().iter().flat_map(|log| [log.to_string(), "\n".to_owned()]).collect()
    }
}

impl Drop for TestTrace {
    fn drop(&mut self) {
        store().close(self.parent.trace_id());
    }
}
