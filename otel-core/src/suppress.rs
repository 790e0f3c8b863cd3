//! Code that leaves no telemetry: a poll that runs every second, a retry loop, the requests of an exporter.
//!
//! No span starts and no log record is made within: by annotated functions, through the OpenTelemetry API, or through
//! `tracing`. Logs are still printed, and metrics are still measured. The trace goes on unsampled, so called services
//! neither record it nor start one of their own. The span that was current is out of reach: data that the code sets on
//! it is lost.
//!
//! There is no guard on purpose: a guard that is kept across an `.await` would suppress the telemetry of other code on
//! the thread meanwhile.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context as TaskContext, Poll};

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags};
use pin_project_lite::pin_project;

use crate::carry::Carried;
use crate::propagation::Unsampled;

static DISABLED: AtomicBool = AtomicBool::new(false);

/// Returns `true` if `OTEL_SDK_DISABLED` turned telemetry off: nothing is recorded then, whatever provider there is.
#[must_use]
#[inline]
pub fn is_disabled() -> bool {
    DISABLED.load(Ordering::Relaxed)
}

/// Turns telemetry off for the rest of the process.
pub(crate) fn disable() {
    DISABLED.store(true, Ordering::Relaxed);
}

/// Runs `work` without telemetry, as the [module](self) describes.
///
/// ```
/// use opentelemetry::{global, trace::Tracer as _};
/// # use otel_core::{suppress, testing::TestTrace};
/// # let trace = TestTrace::start();
/// # let _current = trace.context().attach();
///
/// let tracer = global::tracer("shop");
/// let stock = suppress(|| tracer.in_span("poll stock", |_cx| 7));
/// tracer.in_span("sell", |_cx| assert_eq!(stock, 7));
/// # assert_eq!(trace.tree(), "sell\n");
/// ```
pub fn suppress<R>(work: impl FnOnce() -> R) -> R {
    let _attached = suppressed().attach();
    work()
}

/// The future without telemetry, wherever it is polled and dropped, as the [module](self) describes.
///
/// ```
/// # async fn poll_stock() -> u32 { 7 }
/// async fn sell() {
///     let stock = otel_core::suppress_future(poll_stock()).await;
///     assert_eq!(stock, 7);
/// }
/// # let _ = sell();
/// ```
pub fn suppress_future<F: Future>(future: F) -> Suppressed<F> {
    Suppressed { carried: Carried::within(suppressed(), future) }
}

fn suppressed() -> Context {
    silenced(&Context::current())
}

pin_project! {
    /// A future without telemetry. See [`suppress_future`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Suppressed<F> {
        #[pin]
        carried: Carried<F>,
    }
}

impl<F: Future> Future for Suppressed<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        self.project().carried.poll(cx)
    }
}

impl<F> std::fmt::Debug for Suppressed<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Suppressed").field("carried", &self.carried).finish()
    }
}

/// A copy of the context whose trace is unsampled and whose telemetry is suppressed.
pub(crate) fn silenced(context: &Context) -> Context {
    let span = context.span();
    let sampled = span.span_context();
    let silenced = if sampled.is_valid() {
        context.with_remote_span_context(unsampled(sampled))
    } else {
        context.with_value(Unsampled)
    };
    silenced.with_telemetry_suppressed()
}

/// A copy of the span context that is not sampled.
pub(crate) fn unsampled(span: &SpanContext) -> SpanContext {
    let flags = span.trace_flags() & !TraceFlags::SAMPLED;
    SpanContext::new(span.trace_id(), span.span_id(), flags, true, span.trace_state().clone())
}
