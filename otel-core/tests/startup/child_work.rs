//! The work of the programs in [`child`](super::child).

use std::sync::LazyLock;

use opentelemetry::logs::{Logger as _, LoggerProvider as _};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, Tracer as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue, global};
use otel_core::code::CodeLocation;
use otel_core::function::{CallSite, begin};
use otel_core::http::settings::HttpSettings;
use otel_core::http::{HttpVersion, RequestFacts, ResponseFacts};
use otel_core::server::ServerSpan;

/// Ends `count` spans.
pub(crate) fn spans(count: usize) {
    let tracer = global::tracer("child");
    for index in 0..count {
        tracer.in_span(format!("span {index}"), |cx| {
            cx.span().set_attributes([KeyValue::new("n", 1), KeyValue::new("text", "long text")]);
        });
    }
}

/// A sampled span of another service.
pub(crate) fn remote_parent() -> SpanContext {
    SpanContext::new(TraceId::from(1), SpanId::from(2), TraceFlags::SAMPLED, true, TraceState::NONE)
}

/// Calls a function with a span, and prints the function's context.
pub(crate) fn context_of_a_function(call: &str) {
    static SITE: CallSite = CallSite::new("work", CodeLocation::new("child::work", "child.rs", 1));

    let _entered = begin(&SITE).enter();
    let context = Context::current();
    let (is_recording, ids) = (context.span().is_recording(), context.span().span_context().clone());
    let shown = serde_json::json!({
        "call": call, "recording": is_recording, "trace": ids.trace_id().to_string(), "span": ids.span_id().to_string(),
        "sampled": ids.is_sampled(),
    });
    println!("{shown}");
}

/// Measures with several instruments of two meters.
pub(crate) fn instruments() {
    let attributes = |n| [KeyValue::new("kept", "yes"), KeyValue::new("n", n)];
    let shop = global::meter("shop");
    let counter = shop.u64_counter("shop.orders").with_unit("{order}").build();
    let sizes = shop.f64_histogram("shop.order.size").with_unit("By").build();
    for n in 0..4 {
        counter.add(1, &attributes(n));
        sizes.record(10.0, &attributes(n));
    }
    global::meter("other").u64_counter("shop.orders").build().add(7, &[]);
    global::meter("other").f64_histogram("latency").build().record(0.5, &[]);
}

/// A request that fails.
pub(crate) fn failing_request(during: impl FnOnce()) {
    request(ResponseFacts { error: Some("out of stock".to_owned()), ..ResponseFacts::with_status(500) }, during);
}

/// A request with this response.
pub(crate) fn request(response: ResponseFacts<'_>, during: impl FnOnce()) {
    static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(|| InstrumentationScope::builder("framework").build());

    let facts = RequestFacts {
        method: "GET",
        path: "/",
        query: None,
        scheme: "http",
        authority: None,
        peer: None,
        local: None,
        version: HttpVersion::Http11,
        headers: &(),
    };
    let mut span = ServerSpan::start(&SCOPE, &facts, HttpSettings::current());
    {
        let _current = span.context().clone().attach();
        during();
    }
    span.respond(response);
    span.end();
}

/// The steps of an application for a request.
pub(crate) fn by_hand(during: impl FnOnce()) {
    global::tracer("child").in_span("by hand", |_| during());
    let logger = otel_core::logs::GlobalLoggerProvider.logger("child");
    logger.emit(logger.create_log_record());
}

/// An application's own output.
pub(crate) struct Printing;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Printing {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        println!("PRINTED {}", event.metadata().target());
    }
}

impl log::Log for Printing {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        println!("PRINTED {}", record.target());
    }

    fn flush(&self) {}
}
