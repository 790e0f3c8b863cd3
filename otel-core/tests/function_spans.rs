//! Function spans with a global provider: one test, because there is one provider per process, and the test installs
//! and shuts down several.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant},
};

use opentelemetry::{
    Context, KeyValue, TraceId, global,
    trace::{Link, SpanContext, SpanId, SpanKind, TraceContextExt as _, TraceFlags, TraceState},
};
use opentelemetry_sdk::trace::{
    InMemorySpanExporter, SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample,
};
use otel_core::{
    code::CodeLocation,
    function::{CallSite, FunctionSpan, begin, ignore},
};

static WORK: CallSite = CallSite::new("work", CodeLocation::new("tests::work", "tests/work.rs", 7));
static ROOT: CallSite = CallSite::new("root", CodeLocation::new("tests::root", "tests/root.rs", 1)).root();

/// The number of calls of the sampler.
static ASKED: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Debug)]
struct Counting(SamplingDecision);

impl ShouldSample for Counting {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        ASKED.fetch_add(1, Relaxed);
        let parent = parent.map(|parent| parent.span().span_context().clone()).filter(SpanContext::is_valid);
        let decision = match parent {
            Some(parent) if !parent.is_sampled() => SamplingDecision::Drop,
            _ => self.0.clone(),
        };
        SamplingResult { decision, attributes: Vec::new(), trace_state: TraceState::default() }
    }
}

fn install(decision: SamplingDecision) -> (InMemorySpanExporter, SdkTracerProvider) {
    let exporter = InMemorySpanExporter::default();
    let provider =
        SdkTracerProvider::builder().with_sampler(Counting(decision)).with_simple_exporter(exporter.clone()).build();
    global::set_tracer_provider(provider.clone());
    (exporter, provider)
}

fn names(exporter: &InMemorySpanExporter) -> Vec<String> {
    exporter.get_finished_spans().unwrap().iter().map(|span| span.name.to_string()).collect()
}

fn current() -> SpanContext {
    Context::current().span().span_context().clone()
}

#[test]
fn providers_come_and_go() {
    without_a_provider_nothing_changes();
    let (exporter, provider) = install(SamplingDecision::RecordAndSample);
    a_provider_that_is_installed_late_is_used(&exporter);
    a_remote_parent_that_is_not_sampled_is_asked_about();
    provider.shutdown().unwrap();
    after_shutdown_nothing_is_recorded();
    let (exporter, _provider) = install(SamplingDecision::Drop);
    a_trace_that_is_not_sampled_stays_one(&exporter);
    let (exporter, provider) = install(SamplingDecision::RecordAndSample);
    // The earlier provider was not shut down, and this thread keeps it: another thread sees the new one.
    std::thread::spawn(|| drop(begin(&WORK).enter())).join().unwrap();
    assert_eq!(names(&exporter), ["work"]);
    drop(provider);
}

fn without_a_provider_nothing_changes() {
    let span = begin(&WORK);
    assert!(!span.is_recording());
    let entered = span.enter();
    assert!(!current().is_valid());
    drop(entered);

    // A remote parent stays the current span.
    let parent = SpanContext::new(TraceId::from(7), SpanId::from(7), TraceFlags::SAMPLED, true, TraceState::default());
    let _attached = Context::new().with_remote_span_context(parent.clone()).attach();
    let _entered = begin(&WORK).enter();
    assert_eq!(current(), parent);
}

fn a_provider_that_is_installed_late_is_used(exporter: &InMemorySpanExporter) {
    // A thread remembers for some milliseconds that there is no provider.
    let patience = Instant::now() + Duration::from_secs(10);
    while !begin(&WORK).is_recording() {
        assert!(Instant::now() < patience, "the provider is never used");
        std::thread::yield_now();
    }
    exporter.reset();
    let entered = begin(&WORK).enter();
    let outer = current();
    assert_ne!(begin(&ROOT).call(current, ignore).trace_id(), outer.trace_id());
    drop(entered);
    assert_eq!(names(exporter), ["root", "work"]);
    let spans = exporter.get_finished_spans().unwrap();
    assert_eq!(spans[0].parent_span_id, SpanId::INVALID);
    assert_eq!(spans[1].attributes.len(), 3);
    assert_eq!(spans[1].instrumentation_scope.name(), "otel-core");
    assert!(spans[1].instrumentation_scope.version().is_some());
    assert_eq!(spans[1].instrumentation_scope.schema_url(), Some("https://opentelemetry.io/schemas/1.44.0"));
}

fn a_remote_parent_that_is_not_sampled_is_asked_about() {
    let parent =
        SpanContext::new(TraceId::from(7), SpanId::from(7), TraceFlags::default(), true, TraceState::default());
    let _attached = Context::new().with_remote_span_context(parent).attach();
    let before = ASKED.load(Relaxed);
    let _span: FunctionSpan = begin(&WORK);
    assert_eq!(ASKED.load(Relaxed), before + 1);
}

fn after_shutdown_nothing_is_recorded() {
    assert!(!begin(&WORK).is_recording());
    assert!(!current().is_valid());
}

fn a_trace_that_is_not_sampled_stays_one(exporter: &InMemorySpanExporter) {
    let before = ASKED.load(Relaxed);
    let _entered = begin(&WORK).enter();
    let outer = current();
    assert!(outer.is_valid() && !outer.is_sampled());
    assert_eq!(ASKED.load(Relaxed), before + 1);

    // Below it no tracer is called, and the context is the same one: nothing is allocated.
    let inner = begin(&WORK).call(current, |_, _| panic!("nobody looks at the outcome"));
    assert_eq!(inner, outer);
    assert_eq!(ASKED.load(Relaxed), before + 1);
    assert!(names(exporter).is_empty());
}
