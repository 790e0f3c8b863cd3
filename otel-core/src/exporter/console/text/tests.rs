#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_executor::block_on;
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanExporter as _, SpanLinks};

use super::TextSpanExporter;
use super::pending::PendingSpans;

/// Keeps each `write` by itself.
#[derive(Clone, Default)]
struct Writes(Arc<Mutex<Vec<String>>>);

impl Write for Writes {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(String::from_utf8(buffer.to_vec()).unwrap());
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn at(milliseconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(45_296_000 + milliseconds)
}

fn span(id: u64, parent: u64, name: &'static str) -> SpanData {
    let context =
        SpanContext::new(TraceId::from(0xabc), SpanId::from(id), TraceFlags::SAMPLED, false, TraceState::NONE);
    SpanData {
        span_context: context,
        parent_span_id: SpanId::from(parent),
        parent_span_is_remote: false,
        span_kind: SpanKind::Internal,
        name: name.into(),
        start_time: at(id),
        end_time: at(id + 2),
        attributes: Vec::new(),
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::Unset,
        instrumentation_scope: InstrumentationScope::default(),
    }
}

fn request(id: u64, route: Option<&'static str>, status: i64) -> SpanData {
    let mut attributes =
        vec![KeyValue::new("url.path", "/users/7"), KeyValue::new("http.response.status_code", status)];
    attributes.extend(route.map(|route| KeyValue::new("http.route", route)));
    let name = if route.is_some() { "GET /users/{id}" } else { "GET" };
    let status = if status < 500 { Status::Unset } else { Status::error("no more users") };
    SpanData { attributes, status, ..span(id, 0, name) }
}

fn printed(is_coloured: bool, batches: Vec<Vec<SpanData>>) -> Vec<String> {
    let writes = Writes::default();
    let exporter = TextSpanExporter::new(writes.clone(), is_coloured);
    for batch in batches {
        block_on(exporter.export(batch)).unwrap();
    }
    exporter.shutdown_with_timeout(Duration::ZERO).unwrap();
    writes.0.lock().unwrap().clone()
}

#[test]
fn a_request_is_one_line() {
    assert_eq!(
        printed(false, vec![vec![request(1, Some("/users/{id}"), 200), request(2, None, 404)]]),
        [
            "12:34:56.001 GET /users/{id} 200 2.00 ms  00000000000000000000000000000abc\n",
            "12:34:56.002 GET /users/7 404 2.00 ms  00000000000000000000000000000abc\n",
        ]
    );
}

#[test]
fn children_follow_as_a_tree_whenever_they_were_exported() {
    let (query, render) = (span(3, 2, "query"), span(4, 1, "render"));
    let failed = SpanData { status: Status::error("gone"), ..span(2, 1, "load") };
    let root = SpanData { parent_span_id: SpanId::from(99), parent_span_is_remote: true, ..request(1, Some("r"), 500) };
    let lines = printed(false, vec![vec![query], vec![failed, render], vec![root]]);
    assert_eq!(lines.len(), 1, "in one piece");
    let expected = "
12:34:56.001 GET /users/{id} 500 2.00 ms  00000000000000000000000000000abc
             │  ! no more users
             ├─ load error 2.00 ms
             │  │  ! gone
             │  └─ query 2.00 ms
             └─ render 2.00 ms
";
    assert_eq!(lines[0], expected.trim_start_matches('\n'));
}

#[test]
fn two_requests_of_one_trace_keep_their_own_children() {
    let other = SpanData { parent_span_is_remote: true, ..span(5, 1, "GET /inner") };
    let lines =
        printed(false, vec![vec![span(2, 1, "mine"), span(6, 5, "theirs"), other], vec![span(1, 0, "GET /outer")]]);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains("GET /inner") && lines[0].contains("theirs") && !lines[0].contains("mine"));
    assert!(lines[1].contains("GET /outer") && lines[1].contains("└─ mine") && !lines[1].contains("theirs"));
}

#[test]
fn outcomes_have_colours() {
    for (status, colour) in [(200, "\x1b[32m200"), (302, "\x1b[32m302"), (404, "\x1b[33m404"), (503, "\x1b[31m503")] {
        let lines = printed(true, vec![vec![request(1, Some("r"), status)]]);
        assert!(lines[0].contains(colour), "{lines:?}");
    }
}

#[test]
fn text_cannot_move_the_cursor() {
    let hostile = SpanData { name: "a\r\n\x1b[2Jb\u{202e}c\u{9b}".into(), ..span(1, 0, "") };
    let lines = printed(false, vec![vec![hostile]]);
    assert!(lines[0].contains(r"a\r\n\u{1b}[2Jb\u{202e}c\u{9b} 2.00 ms"), "{lines:?}");
    assert_eq!(lines[0].matches('\n').count(), 1);
}

#[test]
fn spans_whose_request_does_not_come_are_printed_in_the_end() {
    let mut pending = PendingSpans::default();
    let start = Instant::now();
    assert!(pending.add(vec![span(2, 1, "late")], start).is_empty());
    assert!(pending.add(Vec::new(), start + Duration::from_secs(9)).is_empty());
    let late = pending.add(vec![span(3, 1, "later")], start + Duration::from_secs(11));
    assert_eq!(late.len(), 1);
    assert_eq!((late[0].len(), &*late[0][0].name), (1, "late"));
    assert_eq!(pending.take_all().len(), 1);

    let many = (1..=5000).map(|id| span(id, 90_000, "many")).collect();
    let printed: usize = pending.add(many, start).iter().map(Vec::len).sum();
    assert_eq!(printed, 5000 - 4096, "memory stays bounded");
}

#[test]
fn spans_that_are_each_others_parents_are_printed_once() {
    let lines = printed(false, vec![vec![span(1, 2, "one"), span(2, 1, "two")]]).concat();
    assert_eq!((lines.matches("one").count(), lines.matches("two").count()), (1, 1), "{lines}");
    let lines = printed(false, vec![vec![span(1, 1, "own")]]).concat();
    assert_eq!(lines.matches("own").count(), 1, "{lines}");
}
