//! Programs that other tests start as child processes. Each test here is one.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use opentelemetry::logs::{Logger as _, LoggerProvider as _};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, Tracer as _};
use opentelemetry::{Context, KeyValue, global};
use otel_core::config::{ExporterName, SamplerChoice};
use otel_core::startup;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::child_work::{Printing, by_hand, context_of_a_function, failing_request, instruments, remote_parent, spans};

#[test]
#[ignore = "started by other tests"]
fn three_spans() {
    let _telemetry = startup::init();
    spans(3);
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_and_a_metric() {
    let _telemetry = startup::init();
    global::meter("child").u64_counter("things").with_unit("{thing}").build().add(2, &[KeyValue::new("n", 1)]);
    spans(3);
}

#[test]
#[ignore = "started by other tests"]
fn several_instruments() {
    let _telemetry = startup::init();
    instruments();
}

/// Prints the context of functions: before the start, without a parent, and below a sampled one of another service.
#[test]
#[ignore = "started by other tests"]
fn contexts_of_functions() {
    context_of_a_function("before");
    let _telemetry = startup::init();
    for parent in [SpanContext::NONE, remote_parent()] {
        let _attached = Context::new().with_remote_span_context(parent.clone()).attach();
        let _none = (!parent.is_valid()).then(|| Context::new().attach());
        for call in ["first", "second"] {
            context_of_a_function(call);
        }
    }
}

#[test]
#[ignore = "started by other tests"]
fn a_request() {
    let _telemetry = startup::init();
    failing_request(|| ());
}

/// Prints whether the span of a request is recorded.
#[test]
#[ignore = "started by other tests"]
fn the_span_of_a_request() {
    let _telemetry = startup::init();
    failing_request(|| {
        let context = Context::current();
        let (span, ids) = (context.span(), context.span().span_context().clone());
        let shown = serde_json::json!({
            "recording": span.is_recording(), "valid": ids.is_valid(), "sampled": ids.is_sampled()
        });
        println!("{shown}");
    });
}

#[test]
#[ignore = "started by other tests"]
fn events_that_are_only_exported() {
    let _telemetry = startup::init();
    otel_core::logs::try_init().unwrap();
    failing_request(|| {
        tracing::info!(item = 7, "sold");
        tracing::debug!("a detail");
    });
}

#[test]
#[ignore = "started by other tests"]
fn events_with_a_subscriber_set_after_the_start() {
    let _telemetry = startup::init();
    let subscriber = tracing_subscriber::registry().with(Printing).with(otel_core::logs::layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    failing_request(|| tracing::info!("sold"));
}

/// Logging that is set up after the first requests, as in a program that first has to become ready.
#[test]
#[ignore = "started by other tests"]
fn a_subscriber_and_a_logger_set_after_a_request() {
    let _telemetry = startup::init();
    failing_request(|| tracing::info!("early"));
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(otel_core::logs::layer())).unwrap();
    log::set_boxed_logger(Box::new(otel_core::logs::ExportingLogger::new(Printing))).unwrap();
    log::set_max_level(log::LevelFilter::Info);
    failing_request(|| {
        tracing::info!("sold");
        log::info!("sold");
    });
}

/// `init()` sets a subscriber and a logger, and panics if there is one already.
#[test]
#[ignore = "started by other tests"]
fn logging_initialised_within_a_request() {
    let _telemetry = startup::init();
    failing_request(|| log::info!("early"));
    failing_request(|| {
        tracing_subscriber::registry().with(Printing).with(otel_core::logs::layer()).init();
        tracing::info!("sold");
        log::info!("sold");
    });
}

#[test]
#[ignore = "started by other tests"]
fn logging_initialised_after_the_shutdown() {
    let telemetry = startup::init();
    failing_request(|| tracing::info!("early"));
    telemetry.shutdown();
    tracing_subscriber::registry().with(Printing).init();
    tracing::info!("sold");
}

#[test]
#[ignore = "started by other tests"]
fn logging_initialised_in_vain() {
    let _telemetry = startup::init();
    log::set_logger(&Printing).unwrap();
    log::set_max_level(log::LevelFilter::Info);
    otel_core::logs::try_init().unwrap_err();
    tracing_subscriber::registry().with(Printing).try_init().unwrap_err();
    otel_core::logs::try_init().unwrap_err();
    failing_request(|| log::info!("sold"));
}

#[test]
#[ignore = "started by other tests"]
fn events_with_a_subscriber_that_only_prints() {
    let _telemetry = startup::init();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Printing)).unwrap();
    failing_request(|| tracing::info!("sold"));
}

#[test]
#[ignore = "started by other tests"]
fn events_with_a_logger_that_prints() {
    log::set_logger(&Printing).unwrap();
    log::set_max_level(log::LevelFilter::Info);
    let _telemetry = startup::init();
    failing_request(|| {
        log::info!("sold");
        assert!(!tracing::dispatcher::has_been_set());
    });
}

#[test]
#[ignore = "started by other tests"]
fn records_that_are_only_exported() {
    let _telemetry = startup::init();
    otel_core::logs::try_init().unwrap();
    failing_request(|| {
        let text = "sold";
        log::info!(item = 7, price = 2.5, paid = true, more = u64::MAX, what = "shoe", none = None::<u8>; "{text}");
        log::debug!("a detail");
    });
}

#[test]
#[ignore = "started by other tests"]
fn records_with_a_logger_that_prints_and_exports() {
    log::set_boxed_logger(Box::new(otel_core::logs::ExportingLogger::new(Printing))).unwrap();
    log::set_max_level(log::LevelFilter::Info);
    let _telemetry = startup::init();
    failing_request(|| log::info!("sold"));
    log::logger().flush();
}

#[test]
#[ignore = "started by other tests"]
fn a_thousand_events() {
    let _telemetry = startup::init();
    let logger = otel_core::logs::GlobalLoggerProvider.logger("child");
    for _ in 0..1000 {
        logger.emit(logger.create_log_record());
    }
}

#[test]
#[ignore = "started by other tests"]
fn metrics_by_code_until_the_end_of_input() {
    let every = Duration::from_millis(50);
    let exporters = [ExporterName::Console];
    let _telemetry = startup::builder().metrics_exporters(exporters).metric_export_interval(every).init();
    global::meter("child").u64_counter("things").build().add(2, &[]);
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
}

#[test]
#[ignore = "started by other tests"]
fn a_thousand_spans() {
    let _telemetry = startup::init();
    spans(1000);
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_in_a_current_thread_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let telemetry = startup::init();
        spans(3);
        tokio::task::yield_now().await;
        drop(telemetry);
    });
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_then_a_panic() {
    let result = catch_unwind(AssertUnwindSafe(|| {
        let _telemetry = startup::init();
        spans(3);
        panic!("the application failed");
    }));
    assert!(result.is_err());
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_then_exit() {
    let telemetry = startup::init();
    spans(3);
    assert!(telemetry.force_flush());
    telemetry.shutdown();
    std::process::exit(0);
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_then_a_plain_exit() {
    let _telemetry = startup::init();
    spans(3);
    std::process::exit(0);
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_then_our_exit() {
    let _telemetry = startup::init();
    spans(3);
    startup::exit(0);
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_then_our_exit_on_another_thread() {
    let _telemetry = startup::init();
    std::thread::spawn(|| {
        spans(3);
        startup::exit(0);
    });
    loop {
        std::thread::park();
    }
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_then_our_exit_in_a_current_thread_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let _telemetry = startup::init();
        spans(3);
        tokio::task::yield_now().await;
        startup::exit(0);
    });
}

/// One thread shuts down, which takes a while; meanwhile another one wants to exit.
#[test]
#[ignore = "started by other tests"]
fn three_spans_and_an_exit_during_shutdown() {
    let telemetry = startup::init();
    spans(3);
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        sender.send(()).unwrap();
        drop(telemetry);
    });
    receiver.recv().unwrap();
    startup::exit(0);
}

#[test]
#[ignore = "started by other tests"]
fn shut_down_twice_and_before_the_start() {
    startup::shutdown();
    let telemetry = startup::init();
    spans(3);
    startup::shutdown();
    assert!(telemetry.force_flush(), "nothing is queued");
    startup::shutdown();
    drop(telemetry);
}

#[test]
#[ignore = "started by other tests"]
fn a_suppressed_span_among_three() {
    let _telemetry = startup::init();
    spans(1);
    otel_core::suppress(|| by_hand(|| spans(5)));
    spans(2);
}

#[test]
#[ignore = "started by other tests"]
fn a_span_and_then_wait_for_the_end_of_input() {
    let _telemetry = startup::init();
    spans(1);
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_after_the_end_of_input_then_exit() {
    let telemetry = startup::init();
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    spans(3);
    telemetry.shutdown();
    std::process::exit(0);
}

#[test]
#[ignore = "started by other tests"]
fn three_spans_with_little_patience() {
    let _telemetry = startup::builder().shutdown_timeout(Duration::from_millis(300)).init();
    spans(3);
}

#[test]
#[ignore = "started by other tests"]
fn started_twice() {
    let first = startup::init();
    let second = startup::init();
    drop(second);
    spans(3);
    drop(first);
}

#[test]
#[ignore = "started by other tests"]
fn settings_in_code() {
    let _telemetry = startup::builder()
        .service_name("from code")
        .resource_attribute("team", "code")
        .traces_exporters([ExporterName::Console])
        .traces_sampler(SamplerChoice::AlwaysOn)
        .init();
    spans(3);
}

#[test]
#[ignore = "started by other tests"]
fn injected_headers() {
    let _telemetry = startup::init();
    let parent = SpanContext::new(TraceId::from(1), SpanId::from(2), TraceFlags::SAMPLED, true, TraceState::NONE);
    let parent = Context::new().with_remote_span_context(parent);
    let mut headers = HashMap::new();
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&parent, &mut headers);
    });
    let recording = global::tracer("child").in_span("span", |cx| cx.span().is_recording());
    println!("{}", serde_json::json!({ "headers": headers, "recording": recording }));
}
