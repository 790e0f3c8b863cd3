//! Exemplars of a metrics SDK: the request's span is current while its duration is recorded. (The SDK of opentelemetry
//! 0.33 collects none, so this test has its own.) A process of its own, for the global providers.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, LazyLock, Mutex};

use opentelemetry::metrics::{Histogram, HistogramBuilder, InstrumentProvider, Meter, MeterProvider, SyncInstrument};
use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue, global};
use opentelemetry_sdk::trace::SdkTracerProvider;
use otel_core::http::settings::HttpSettings;
use otel_core::http::{HttpVersion, RequestFacts, ResponseFacts};
use otel_core::server::ServerSpan;

/// The span that was current at each measurement.
#[derive(Clone, Default)]
struct Exemplars(Arc<Mutex<Vec<SpanContext>>>);

impl MeterProvider for Exemplars {
    fn meter_with_scope(&self, _: InstrumentationScope) -> Meter {
        Meter::new(Arc::new(self.clone()))
    }
}

impl InstrumentProvider for Exemplars {
    fn f64_histogram(&self, builder: HistogramBuilder<'_, Histogram<f64>>) -> Histogram<f64> {
        assert!(["http.server.request.duration", "http.server.duration"].contains(&builder.name.as_ref()));
        Histogram::new(Arc::new(self.clone()))
    }
}

impl SyncInstrument<f64> for Exemplars {
    fn measure(&self, _: f64, _: &[KeyValue]) {
        self.0.lock().unwrap().push(Context::map_current(|context| context.span().span_context().clone()));
    }
}

#[test]
fn the_duration_is_recorded_within_the_requests_span() {
    static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(|| InstrumentationScope::builder("test").build());

    let exemplars = Exemplars::default();
    global::set_meter_provider(exemplars.clone());
    global::set_tracer_provider(SdkTracerProvider::builder().build());

    let facts = RequestFacts {
        method: "GET",
        path: "/users/42",
        query: None,
        scheme: "http",
        authority: None,
        peer: None,
        local: None,
        version: HttpVersion::Http11,
        headers: &(),
    };
    let mut span = ServerSpan::start(&SCOPE, &facts, HttpSettings::current());
    let expected = span.context().span().span_context().clone();
    span.respond(ResponseFacts::with_status(200));
    span.end();

    assert!(expected.is_valid() && expected.is_sampled());
    assert_eq!(*exemplars.0.lock().unwrap(), [expected]);
}
