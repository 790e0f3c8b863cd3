//! The spans of a test as text.
#![allow(dead_code, unused_imports, reason = "each test program uses some of it")]

mod command;
mod mariadb;
mod postgres;
#[path = "../../../../otel-clients/tests/support/server.rs"]
mod server;

use std::sync::LazyLock;
use std::time::Duration;

pub(crate) use mariadb::MariaDb;
use otel_actix::TelemetryGuard;
use otel_actix::opentelemetry::trace::{SpanKind, Status};
use otel_actix::testing::TestTrace;
pub(crate) use postgres::Postgres;

/// Turns the attribute of rows on, which is opt-in, for all tests of the program.
pub(crate) fn record_rows() {
    static STARTED: LazyLock<TelemetryGuard> =
        LazyLock::new(|| otel_actix::builder().db_returned_rows(true).keep_providers().init());
    LazyLock::force(&STARTED);
}

/// Longer than any test takes on a loaded machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The future with the trace's context current in each poll.
pub(crate) async fn within<T>(trace: &TestTrace, future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|cx| {
        let _attached = trace.context().attach();
        future.as_mut().poll(cx)
    })
    .await
}

/// Name, kind, status and attributes of each span.
pub(crate) fn lines(trace: &TestTrace) -> Vec<String> {
    let spans = trace.spans();
    let lines = spans.iter().map(|span| {
        assert_eq!(span.span_kind, SpanKind::Client);
        let mut attributes: Vec<_> = span.attributes.iter().map(|kv| format!("{}={}", kv.key, kv.value)).collect();
        attributes.sort();
        let failed = if span.status == Status::Unset { "" } else { " failed" };
        format!("{}{failed}: {}", span.name, attributes.join(" | "))
    });
    lines.collect()
}

/// The lines without these parts, which all of them have.
pub(crate) fn lines_without(trace: &TestTrace, shared: &[&str]) -> Vec<String> {
    let without = |line: String| {
        shared.iter().fold(line, |line, shared| {
            assert!(line.contains(shared), "{line}");
            line.replacen(shared, "", 1)
        })
    };
    lines(trace).into_iter().map(without).collect()
}
