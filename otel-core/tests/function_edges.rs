//! Function spans where the application's code runs at unusual moments: in samplers, in destructors, while a thread
//! ends, and in the `Display` of a function's output. One test after the other, because there is one provider per
//! process.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::process::Command;
use std::sync::Arc;
use std::task::{Context as TaskContext, Waker};
use std::{env, thread};

use opentelemetry::trace::{
    Link, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SamplingDecision, SamplingResult, ShouldSample, SpanData};
use otel_core::code::CodeLocation;
use otel_core::config::SamplerChoice;
use otel_core::function::{CallSite, FunctionSpan, begin};
use otel_core::recorder::TracerProvider;

static WORK: CallSite = CallSite::new("work", CodeLocation::new("tests::work", "tests/work.rs", 7));
static OTHER: CallSite = CallSite::new("other", CodeLocation::new("tests::other", "tests/other.rs", 7));

/// In the environment of the process that ends a thread.
const ENDING: &str = "TEST_ENDING_THREAD";

#[test]
fn the_application_is_called_at_odd_moments() {
    a_sampler_that_is_gone_does_not_disturb();
    a_sampler_of_the_applications_is_asked_about_children();
    a_panic_of_who_looks_at_the_output_is_one_of_the_function();
    a_future_that_is_dropped_panics_only_by_itself();
}

#[test]
fn a_function_may_be_called_while_its_thread_ends() {
    if let Ok(order) = env::var(ENDING) {
        return end_a_thread(&order);
    }
    for order in
        ["context first", "context last", "context last, sampled out", "context before the function", "no context"]
    {
        let output = Command::new(env::current_exe().unwrap())
            .args(["--exact", "a_function_may_be_called_while_its_thread_ends", "--nocapture"])
            .env(ENDING, order)
            .output()
            .unwrap();
        assert!(output.status.success(), "{order}: {output:?}");
    }
}

/// A sampler that decides by the name.
#[derive(Clone, Debug)]
struct ByName {
    sampled: &'static str,
    _end: Arc<OnEnd>,
}

/// Runs a function when its last user drops it, on any thread.
#[derive(Debug)]
struct OnEnd;

impl Drop for OnEnd {
    fn drop(&mut self) {
        drop(Context::new().with_value(1_u8).attach());
    }
}

impl ShouldSample for ByName {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        name: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let decision = if name == self.sampled { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop };
        SamplingResult { decision, attributes: Vec::new(), trace_state: TraceState::NONE }
    }
}

/// A provider, and what it exported.
struct Installed(TracerProvider, InMemorySpanExporter);

impl Installed {
    fn new(sampled: Option<&'static str>) -> Self {
        let exporter = InMemorySpanExporter::default();
        let mut builder = TracerProvider::builder().with_exporter(exporter.clone());
        if let Some(sampled) = sampled {
            builder = builder.with_sampler(ByName { sampled, _end: Arc::new(OnEnd) });
        }
        let provider = builder.build();
        global::set_tracer_provider(provider.clone());
        Self(provider, exporter)
    }

    fn spans(&self) -> Vec<SpanData> {
        self.0.force_flush().unwrap();
        self.1.get_finished_spans().unwrap()
    }
}

fn a_sampler_that_is_gone_does_not_disturb() {
    for is_shut_down in [true, false] {
        // A thread of its own, which has not seen an earlier provider.
        thread::spawn(move || {
            let before = Installed::new(Some("before"));
            drop(before.0.tracer("test").start("before"));
            if is_shut_down {
                before.0.shutdown().unwrap();
            }
            let after = Installed::new(None);
            drop(before);
            drop(begin(&WORK).enter());
            drop(begin(&WORK).enter());
            let names: Vec<_> = after.spans().into_iter().map(|span| span.name).collect();
            assert_eq!(names.iter().filter(|name| *name == "work").count(), 2, "{names:?}");
        })
        .join()
        .unwrap();
    }
}

fn a_sampler_of_the_applications_is_asked_about_children() {
    let installed = Installed::new(Some("work"));
    let flags = TraceFlags::NOT_SAMPLED;
    let parent = SpanContext::new(TraceId::from(7), SpanId::from(7), flags, false, TraceState::NONE);
    thread::spawn(|| {
        let _attached = Context::new().with_remote_span_context(parent).attach();
        for _ in 0..2 {
            drop(begin(&OTHER).enter());
            drop(begin(&WORK).enter());
        }
    })
    .join()
    .unwrap();
    let spans = installed.spans();
    assert!(spans.iter().all(|span| span.name == "work" && span.parent_span_id == SpanId::from(7)), "{spans:?}");
    assert_eq!(spans.len(), 2);
}

fn a_panic_of_who_looks_at_the_output_is_one_of_the_function() {
    let installed = Installed::new(None);
    let looks = |span: &FunctionSpan, _: &i32| {
        assert!(span.is_recording() && Context::current().has_active_span());
        panic!("no words for that")
    };
    let catch = |work: &dyn Fn()| drop(catch_unwind(AssertUnwindSafe(work)).unwrap_err());
    thread::spawn(move || {
        catch(&|| assert_eq!(begin(&WORK).call(|| 1, looks), 1));
        catch(&|| {
            let future = pin!(begin(&WORK).drive(async { 1 }, looks));
            let _ = future.poll(&mut TaskContext::from_waker(Waker::noop()));
        });
    })
    .join()
    .unwrap();
    let spans = installed.spans();
    assert_eq!(spans.len(), 2);
    for span in spans {
        assert_eq!(span.status, Status::error("panicked"));
        assert!(span.attributes.contains(&KeyValue::new("error.type", "panic")));
    }
}

fn a_future_that_is_dropped_panics_only_by_itself() {
    /// Panics when it is dropped, unless the thread is panicking.
    struct Panics;

    impl Drop for Panics {
        fn drop(&mut self) {
            assert!(thread::panicking(), "on purpose");
        }
    }

    async fn pends(value: Panics) {
        let _value = value;
        std::future::pending::<()>().await;
    }

    let installed = Installed::new(None);
    for is_under_way in [false, true] {
        let work = move || {
            let mut future = Box::pin(begin(&WORK).drive(pends(Panics), |_: &FunctionSpan, (): &()| {}));
            assert!(future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())).is_pending());
            assert!(!is_under_way, "somebody else's");
        };
        thread::spawn(work).join().unwrap_err();
    }
    let spans = installed.spans();
    let error_types = spans.iter().flat_map(|span| &span.attributes).filter(|kv| kv.key.as_str() == "error.type");
    assert_eq!(error_types.map(|kv| kv.value.as_str().into_owned()).collect::<Vec<_>>(), ["panic", "cancelled"]);
}

/// Calls an annotated function when it is dropped.
struct Calls;

impl Drop for Calls {
    fn drop(&mut self) {
        drop(begin(&WORK).enter());
    }
}

thread_local! {
    static AT_THE_END: RefCell<Option<Calls>> = const { RefCell::new(None) };
}

/// A thread drops its thread-local values in the reverse order of first use.
fn end_a_thread(order: &str) {
    let installed = Installed::new(None);
    let order = match order.strip_suffix(", sampled out") {
        Some(order) => {
            global::set_tracer_provider(
                TracerProvider::builder().with_sampler_choice(SamplerChoice::AlwaysOff).build(),
            );
            order.to_owned()
        }
        None => order.to_owned(),
    };
    let is_traced = order == "context first";
    thread::spawn(move || {
        match order.as_str() {
            "context first" => drop(begin(&WORK).enter()),
            "context before the function" => {}
            _ => AT_THE_END.set(Some(Calls)),
        }
        match order.as_str() {
            "context last" => drop(begin(&WORK).enter()),
            "context before the function" => {
                AT_THE_END.set(Some(Calls));
                // The API alone: none of our code knows of this use.
                drop(Context::new().attach());
            }
            "context first" => AT_THE_END.set(Some(Calls)),
            _ => {}
        }
    })
    .join()
    .unwrap();
    let spans = installed.spans().len();
    assert!(if is_traced { spans == 2 } else { spans <= 1 }, "{spans}");
}
