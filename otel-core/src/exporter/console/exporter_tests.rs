#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed assumption should fail the test")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{
    Event, Link, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanEvents, SpanExporter as _, SpanLinks};

use super::{ConsoleSpanExporter, Layout};

/// A writer that remembers each `write` by itself.
#[derive(Clone, Default)]
struct RecordedWrites(Arc<Mutex<Vec<String>>>);

impl Write for RecordedWrites {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(String::from_utf8(buffer.to_vec()).unwrap());
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct ClosedPipe;

impl Write for ClosedPipe {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn context(span_id: u64) -> SpanContext {
    let state = TraceState::from_key_value([("congo", "t61")]).unwrap();
    SpanContext::new(TraceId::from(0xabc), SpanId::from(span_id), TraceFlags::SAMPLED, false, state)
}

fn span() -> SpanData {
    let mut events = SpanEvents::default();
    events.events.push(Event::new("cache miss", UNIX_EPOCH, vec![KeyValue::new("key", "k")], 0));
    let mut links = SpanLinks::default();
    links.links.push(Link::new(context(9), vec![KeyValue::new("n", 1)], 0));
    SpanData {
        span_context: context(1),
        parent_span_id: SpanId::from(2),
        parent_span_is_remote: true,
        span_kind: SpanKind::Server,
        name: "GET /".into(),
        start_time: UNIX_EPOCH + Duration::from_micros(1),
        end_time: UNIX_EPOCH + Duration::from_secs(1),
        attributes: vec![KeyValue::new("z", 200), KeyValue::new("a", "b")],
        dropped_attributes_count: 0,
        events,
        links,
        status: Status::error("went wrong"),
        instrumentation_scope: InstrumentationScope::default(),
    }
}

fn export(layout: Layout, spans: Vec<SpanData>) -> Vec<String> {
    let recorder = RecordedWrites::default();
    let mut exporter = ConsoleSpanExporter::new(recorder.clone(), layout);
    let attributes = [KeyValue::new("service.name", "svc"), KeyValue::new("a", 1)];
    exporter.set_resource(&Resource::builder_empty().with_attributes(attributes).build());
    futures(exporter.export(spans)).unwrap();
    let writes = recorder.0.lock().unwrap();
    writes.clone()
}

/// The exporter never waits, so its future is ready at once.
fn futures<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => unreachable!("the console exporter does not wait"),
    }
}

#[test]
fn one_line_in_the_layout_of_python() {
    let expected = concat!(
        r#"{"name":"GET /","context":{"trace_id":"0x00000000000000000000000000000abc","span_id":"0x0000000000000001","#,
        r#""trace_state":"['{key=congo, value=t61}']"},"kind":"SpanKind.SERVER","parent_id":"0x0000000000000002","#,
        r#""start_time":"1970-01-01T00:00:00.000001Z","end_time":"1970-01-01T00:00:01.000000Z","#,
        r#""status":{"status_code":"ERROR","description":"went wrong"},"attributes":{"z":200,"a":"b"},"#,
        r#""events":[{"name":"cache miss","timestamp":"1970-01-01T00:00:00.000000Z","attributes":{"key":"k"}}],"#,
        r#""links":[{"context":{"trace_id":"0x00000000000000000000000000000abc","span_id":"0x0000000000000009","#,
        r#""trace_state":"['{key=congo, value=t61}']"},"attributes":{"n":1}}],"#,
        r#""resource":{"attributes":{"a":1,"service.name":"svc"},"schema_url":""}}"#,
        "\n"
    );
    assert_eq!(export(Layout::Lines, vec![span()]), [expected]);
}

#[test]
fn a_root_without_status_events_and_links() {
    let bare = SpanData {
        parent_span_id: SpanId::INVALID,
        status: Status::Unset,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        attributes: Vec::new(),
        ..span()
    };
    let writes = export(Layout::Lines, vec![bare]);
    let line = writes.first().unwrap();
    assert!(line.contains(r#""parent_id":null,"#), "{line}");
    assert!(line.contains(r#""status":{"status_code":"UNSET"},"attributes":{},"events":[],"links":[],"#), "{line}");
}

#[test]
fn pretty_indents_by_four_spaces() {
    let writes = export(Layout::Pretty, vec![span()]);
    assert_eq!(writes.len(), 1, "an object is written in one piece");
    assert!(writes[0].starts_with("{\n    \"name\": \"GET /\",\n    \"context\": {\n        \"trace_id\""));
    assert!(writes[0].ends_with("\n}\n"));
}

#[test]
fn each_span_is_one_write() {
    let writes = export(Layout::Lines, vec![span(), span(), span()]);
    assert_eq!(writes.len(), 3);
    for line in writes {
        assert_eq!(line.matches('\n').count(), 1);
        let _: serde_json::Value = serde_json::from_str(&line).unwrap();
    }
}

#[test]
fn a_closed_pipe_is_an_error_not_a_panic() {
    let exporter = ConsoleSpanExporter::new(ClosedPipe, Layout::Lines);
    let error = futures(exporter.export(vec![span()])).unwrap_err().to_string();
    assert!(error.contains("console: broken pipe"), "{error}");
}

#[test]
fn threads_never_mix_their_spans() {
    let recorder = RecordedWrites::default();
    let exporter = ConsoleSpanExporter::new(recorder.clone(), Layout::Lines);
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter).build();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..50).for_each(|_| provider.tracer("test").in_span("work", |_| ())));
        }
    });
    let text = recorder.0.lock().unwrap().concat();
    assert_eq!(text.lines().count(), 200);
    assert!(text.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}
