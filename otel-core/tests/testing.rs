//! The test kit: the telemetry that a test sees, and the telemetry that it does not see.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption should fail the test")]

use std::sync::{Barrier, LazyLock};
use std::thread;
use std::time::Duration;

use opentelemetry::trace::{SpanKind, TraceContextExt as _, Tracer as _};
use opentelemetry::{InstrumentationScope, KeyValue, global};
use otel_core::http::settings::HttpSettings;
use otel_core::http::{HeaderLookup, HttpVersion, RequestFacts, ResponseFacts};
use otel_core::server::ServerSpan;
use otel_core::testing::{MetricKind, TestTrace};

static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(|| InstrumentationScope::builder("framework").build());

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn tests_see_their_own_telemetry_only() {
    let all = Barrier::new(8);
    thread::scope(|scope| {
        for number in 1..=8_u32 {
            let all = &all;
            scope.spawn(move || {
                let trace = TestTrace::start().listen();
                let counter = global::meter("test").u64_counter("things").build();
                all.wait();
                let _current = trace.context().attach();
                for _ in 0..number {
                    global::tracer("test").in_span("work", |cx| {
                        cx.span().set_attribute(KeyValue::new("number", 1));
                        counter.add(number.into(), &[]);
                        tracing::info!(number, "worked");
                    });
                }
                assert_eq!(trace.spans().len(), number as usize);
                assert!(trace.spans().iter().all(|span| span.parent_span_id == trace.parent().span_id()));
                assert_eq!(trace.metrics_list(), format!("things [Counter]\n  {}\n", number * number));
                assert_eq!(
                    trace.logs_list(),
                    format!("INFO testing: worked number={number}\n").repeat(number as usize)
                );
                assert!(trace.traceparent().contains(&trace.parent().trace_id().to_string()));
            });
        }
    });
}

#[test]
fn what_happens_in_no_trace_is_seen_by_nobody() {
    let trace = TestTrace::start().listen();
    global::meter("test").u64_counter("outside").build().add(1, &[]);
    tracing::warn!("outside");
    global::tracer("test").in_span("outside", |_| ());
    assert_eq!((trace.spans().len(), trace.metrics().len(), trace.logs().len()), (0, 0, 0));
    assert!(!trace.wait_until(Duration::from_millis(10), || trace.metric("outside").is_some()));
}

#[test]
fn other_threads_are_waited_for() {
    let trace = TestTrace::start();
    let context = trace.context();
    let thread = thread::spawn(move || {
        let tracer = global::tracer("test");
        drop(tracer.span_builder("elsewhere").with_kind(SpanKind::Server).start_with_context(&tracer, &context));
    });
    assert_eq!(trace.wait_for(1, PATIENCE).len(), 1);
    assert_eq!(trace.tree(), "elsewhere [SERVER]\n");
    thread.join().unwrap();
    assert_eq!(trace.wait_for(2, Duration::from_millis(10)).len(), 1, "what is there when time is up");
}

#[test]
fn instruments_of_every_kind() {
    let trace = TestTrace::start();
    let _current = trace.context().attach();
    let meter = global::meter("test");
    let blue = [KeyValue::new("size", 2), KeyValue::new("colour", "blue")];
    let same = [KeyValue::new("colour", "blue"), KeyValue::new("size", 2)];
    meter.u64_counter("a").with_unit("{thing}").with_description("Things.").build().add(1, &blue);
    meter.f64_counter("a").with_unit("{thing}").build().add(0.5, &same);
    meter.u64_counter("a").with_unit("{thing}").build().add(7, &[KeyValue::new("colour", "red")]);
    meter.i64_up_down_counter("b").build().add(-3, &[]);
    meter.f64_up_down_counter("b").build().add(1.0, &[]);
    meter.u64_gauge("c").build().record(4, &[]);
    meter.i64_gauge("c").build().record(-5, &[]);
    meter.f64_gauge("c").build().record(2.5, &[]);
    meter.u64_histogram("d").with_unit("By").build().record(10, &[]);
    meter.f64_histogram("d").with_unit("By").build().record(0.5, &[]);
    let expected = "a [Counter, {thing}]\n  colour=blue size=2: 1.5\n  colour=red: 7\n\
        b [UpDownCounter]\n  -2\nc [Gauge]\n  2.5\nd [Histogram, By]\n  2 measured\n";
    assert_eq!(trace.metrics_list(), expected);

    let a = trace.metric("a").unwrap();
    assert_eq!((a.kind, a.description.as_ref(), a.scope.name()), (MetricKind::Counter, "Things.", "test"));
    assert_eq!(a.points[0].attribute("size"), Some(&2.into()));
    let d = trace.metric("d").unwrap().points.remove(0);
    assert_eq!((d.values.clone(), d.count(), d.last()), (vec![10.0, 0.5], 2, Some(0.5)));
    assert!((d.sum() - 10.5).abs() < f64::EPSILON);
}

/// A request whose only header is `traceparent`.
struct CalledBy(String);

impl HeaderLookup for CalledBy {
    fn first(&self, name: &str) -> Option<&[u8]> {
        (name == "traceparent").then_some(self.0.as_bytes())
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        visitor("traceparent", self.0.as_bytes());
    }
}

#[test]
fn a_request_with_its_duration_and_an_event() {
    let trace = TestTrace::start().listen();
    let facts = RequestFacts {
        method: "GET",
        path: "/users/42",
        query: None,
        scheme: "http",
        authority: None,
        peer: None,
        local: None,
        version: HttpVersion::Http11,
        headers: &CalledBy(trace.traceparent()),
    };
    let mut span = ServerSpan::start(&SCOPE, &facts, HttpSettings::current());
    {
        let _current = span.context().clone().attach();
        tracing::info!(user = 42, list = ?[1, 2], "found");
        tracing::debug!("a detail");
    }
    span.respond(ResponseFacts { route: Some("/users/{id}".into()), ..ResponseFacts::with_status(200) });
    span.end();
    assert_eq!(trace.tree(), "GET /users/{id} [SERVER]\n");
    assert_eq!(
        trace.metrics_list(),
        "http.server.request.duration [Histogram, s]\n  http.request.method=GET http.response.status_code=200 \
         http.route=/users/{id} network.protocol.version=1.1 url.scheme=http: 1 measured\n"
    );
    assert_eq!(trace.logs_list(), "INFO testing: found list=[1, 2] user=42\n");
    let [log] = &trace.logs()[..] else { panic!("one record") };
    assert_eq!(log.span_id(), Some(trace.spans()[0].span_context.span_id()));
    assert_eq!(log.trace_id(), Some(trace.parent().trace_id()));
    assert_eq!((log.body(), log.attribute("user")), ("found".to_owned(), Some(&42.into())));
}
