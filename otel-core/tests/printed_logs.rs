//! Printed logs name their span, in any format; so do records of the `log` crate.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption should fail the test")]

use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use opentelemetry::global;
use opentelemetry::trace::{TraceContextExt as _, Tracer as _};
use otel_core::logs::{self, TraceIds};
use otel_core::testing::TestTrace;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;

/// The printed lines.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(std::mem::take(&mut self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Paper {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Paper {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Records of the `log` crate become events, as after an application's `init()`.
static LOG_TRACER: LazyLock<()> = LazyLock::new(|| tracing_log::LogTracer::init().unwrap());

/// Runs `work` in a span of a trace. Returns the ids of both.
fn in_span(trace: &TestTrace, work: impl FnOnce()) -> (String, String) {
    let _current = trace.context().attach();
    global::tracer("test").in_span("work", |cx| {
        work();
        let span = cx.span().span_context().clone();
        (span.trace_id().to_string(), span.span_id().to_string())
    })
}

#[test]
fn text_in_a_span_and_outside() {
    let (paper, trace) = (Paper::default(), TestTrace::start());
    let plain = fmt::layer().with_ansi(false).without_time().with_writer(TraceIds::new(paper.clone()));
    let _subscriber = tracing::subscriber::set_default(tracing_subscriber::registry().with(plain));
    let (trace_id, span_id) = in_span(&trace, || tracing::info!(item = 7, "sold"));
    assert_eq!(paper.text(), format!(" INFO printed_logs: sold item=7 trace_id={trace_id} span_id={span_id}\n"));
    tracing::info!("outside");
    assert_eq!(paper.text(), " INFO printed_logs: outside\n");
}

#[test]
fn colours_and_other_formats_stay() {
    let trace = TestTrace::start();
    for ids in [false, true] {
        let paper = Paper::default();
        let colours = fmt::layer().without_time().with_ansi(true).compact().with_writer(paper.clone());
        let (trace_id, span_id) = if ids {
            let layer = tracing_subscriber::registry().with(colours.map_writer(TraceIds::new));
            tracing::subscriber::with_default(layer, || in_span(&trace, || tracing::warn!(item = 7, "sold")))
        } else {
            let layer = tracing_subscriber::registry().with(colours);
            tracing::subscriber::with_default(layer, || in_span(&trace, || tracing::warn!(item = 7, "sold")))
        };
        let text = paper.text();
        assert!(text.contains("\u{1b}[33m WARN\u{1b}[0m"), "{text:?}");
        assert_eq!(text.ends_with(&format!(" trace_id={trace_id} span_id={span_id}\n")), ids, "{text:?}");
    }
}

#[test]
fn json_stays_json() {
    let (paper, trace) = (Paper::default(), TestTrace::start());
    let json = fmt::layer().json().with_writer(TraceIds::new(paper.clone()));
    let _subscriber = tracing::subscriber::set_default(tracing_subscriber::registry().with(json));
    let (trace_id, span_id) = in_span(&trace, || tracing::info!(item = 7, "sold"));
    let line: serde_json::Value = serde_json::from_str(&paper.text()).unwrap();
    assert_eq!((&line["trace_id"], &line["span_id"]), (&trace_id.into(), &span_id.into()));
    assert_eq!((&line["fields"]["message"], &line["fields"]["item"]), (&"sold".into(), &7.into()));
    tracing::info!("outside");
    let line: serde_json::Value = serde_json::from_str(&paper.text()).unwrap();
    assert_eq!((line.get("trace_id"), &line["fields"]["message"]), (None, &"outside".into()));
}

#[test]
fn records_of_the_log_crate_are_printed_and_exported_under_their_own_target() {
    LazyLock::force(&LOG_TRACER);
    let (paper, trace) = (Paper::default(), TestTrace::start());
    let plain = fmt::layer().with_ansi(false).without_time().with_writer(TraceIds::new(paper.clone()));
    let subscriber = tracing_subscriber::registry().with(plain).with(logs::layer());
    let _subscriber = tracing::subscriber::set_default(subscriber);
    let (trace_id, span_id) = in_span(&trace, || {
        log::warn!(target: "shop::till", "sold {}", 7);
        tracing::info!(item = 8, "sold, too");
    });
    let ids = format!("trace_id={trace_id} span_id={span_id}");
    let lines = format!(" WARN shop::till: sold 7 {ids}\n INFO printed_logs: sold, too item=8 {ids}\n");
    assert_eq!(paper.text(), lines);

    assert_eq!(trace.logs_list(), "WARN shop::till: sold 7\nINFO printed_logs: sold, too item=8\n");
    for log in trace.logs() {
        assert_eq!(log.span_id().map(|id| id.to_string()), Some(span_id.clone()));
    }
    log::error!("outside");
    assert_eq!((paper.text().as_str(), trace.logs().len()), ("ERROR printed_logs: outside\n", 2));
}

#[test]
fn what_is_suppressed_is_printed_and_not_exported() {
    LazyLock::force(&LOG_TRACER);
    let (paper, trace) = (Paper::default(), TestTrace::start());
    let plain = fmt::layer().with_ansi(false).without_time().with_writer(paper.clone());
    let _subscriber = tracing::subscriber::set_default(tracing_subscriber::registry().with(plain).with(logs::layer()));
    let _current = trace.context().attach();
    otel_core::suppress(|| {
        tracing::info!("polled");
        log::info!("polled");
    });
    assert_eq!(paper.text(), " INFO printed_logs: polled\n INFO printed_logs: polled\n");
    assert_eq!(trace.logs_list(), "");
}
