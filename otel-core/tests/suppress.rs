//! Nothing is recorded within a suppressed scope, and everything outside of it.
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use std::collections::HashMap;
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};
use std::thread;

use opentelemetry::logs::{Logger as _, LoggerProvider as _};
use opentelemetry::trace::{SpanKind, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, global};
use otel_core::carry::{carry, carry_fn};
use otel_core::code::CodeLocation;
use otel_core::function::{CallSite, begin, ignore};
use otel_core::testing::TestTrace;
use otel_core::{suppress, suppress_future};

static CALL: CallSite = CallSite::new("function", CodeLocation::new("function", file!(), line!()));

/// Makes telemetry of every kind.
fn record(what: &'static str) {
    {
        let _span = begin(&CALL).enter();
        global::tracer("test").in_span(what, |_| tracing::info!("{what}"));
    }
    let tracer = global::tracer("test");
    drop(tracer.span_builder("client").with_kind(SpanKind::Client).start(&tracer));
    let logger = otel_core::logs::GlobalLoggerProvider.logger("test");
    logger.emit(logger.create_log_record());
    assert_eq!(logger.event_enabled(opentelemetry::logs::Severity::Error, "", None), what != "inside");
}

/// The telemetry of [`record`] outside of a suppressed scope.
fn tree(what: &str) -> String {
    format!("function\n  {what}\nclient [CLIENT]\n")
}

fn injected() -> HashMap<String, String> {
    let mut headers = HashMap::new();
    global::get_text_map_propagator(|propagator| propagator.inject(&mut headers));
    headers
}

/// Not ready when it is polled first.
struct Later(bool);

impl Future for Later {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Records when it is dropped.
struct AtLast;

impl Drop for AtLast {
    fn drop(&mut self) {
        record("inside");
    }
}

#[test]
fn a_closure() {
    let trace = TestTrace::start().listen();
    let _current = trace.context().attach();
    record("before");
    let kept = suppress(|| {
        record("inside");
        suppress(|| record("inside"));
        record("inside");
        7
    });
    record("after");
    assert_eq!(kept, 7);
    assert_eq!(trace.tree(), tree("before") + &tree("after"));
    let texts: Vec<_> = trace.logs().iter().map(otel_core::testing::LogData::body).collect();
    assert_eq!(texts, ["before", "", "after", ""]);
}

#[test]
fn a_future_across_awaits_and_to_its_drop() {
    let trace = TestTrace::start().listen();
    let current = trace.context().attach();
    let work = async {
        let _at_last = AtLast;
        record("inside");
        Later(false).await;
        record("inside");
        Later(false).await;
        record("inside");
    };
    let mut future = pin!(Some(suppress_future(work)));
    drop(current);

    let mut task = TaskContext::from_waker(Waker::noop());
    for _ in 0..2 {
        assert!(future.as_mut().as_pin_mut().unwrap().poll(&mut task).is_pending());
        let _current = trace.context().attach();
        record("between");
    }
    future.set(None);
    assert_eq!(trace.tree(), tree("between").repeat(2));
    assert_eq!(trace.logs().len(), 4);
}

#[test]
fn annotated_futures_within_and_around() {
    let trace = TestTrace::start();
    let _current = trace.context().attach();
    let inner = || begin(&CALL).drive(Later(true), ignore);
    let outer = begin(&CALL).drive(async { suppress_future(async { inner().await }).await }, ignore);
    let mut task = TaskContext::from_waker(Waker::noop());
    assert!(pin!(outer).poll(&mut task).is_ready());
    assert_eq!(trace.tree(), "function\n", "the outer one");
}

#[test]
fn what_is_spawned_stays_suppressed_if_it_is_carried() {
    let trace = TestTrace::start();
    let _current = trace.context().attach();
    let mut task = TaskContext::from_waker(Waker::noop());
    let (closure, future) = suppress(|| (carry_fn(|| record("inside")), carry(async { record("inside") })));
    thread::spawn(closure).join().unwrap();
    assert!(pin!(future).poll(&mut task).is_ready());
    assert_eq!(trace.tree(), "");
}

#[test]
fn services_that_are_called_see_an_unsampled_trace() {
    let trace = TestTrace::start();
    let _current = trace.context().attach();
    global::tracer("test").in_span("outer", |outer| {
        let sampled = injected().remove("traceparent").unwrap();
        let unsampled = suppress(injected).remove("traceparent").unwrap();
        let ids = sampled.strip_suffix("-01").unwrap();
        assert!(ids.contains(&outer.span().span_context().trace_id().to_string()));
        assert_eq!(unsampled.strip_suffix("-00"), Some(ids));
    });
    let _none = Context::new().attach();
    let unsampled = suppress(injected).remove("traceparent").unwrap();
    assert!(unsampled.ends_with("-00"), "a caller's trace that is sampled nowhere: {unsampled}");
}

#[test]
fn a_panic_ends_the_scope() {
    let trace = TestTrace::start();
    let _current = trace.context().attach();
    std::panic::catch_unwind(|| suppress(|| std::panic::resume_unwind(Box::new(())))).unwrap_err();
    assert!(!Context::is_current_telemetry_suppressed());
    record("after");
    assert_eq!(trace.tree(), tree("after"));
}
