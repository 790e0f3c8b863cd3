//! Calls that are given up: an error where their time is over, and only there.
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use opentelemetry::trace::Status;
use otel_core::client::{DatabaseSpan, HttpClientSpan, RpcFacts, RpcSpan, scope, time_out};
use otel_core::database::DatabaseFacts;
use otel_core::http::ClientRequestFacts;
use otel_core::testing::TestTrace;

/// One call of each kind.
fn calls() -> (HttpClientSpan, RpcSpan, DatabaseSpan) {
    (
        HttpClientSpan::start(scope(), &ClientRequestFacts::new("GET", "http", "example.com", "/")),
        RpcSpan::start(scope(), &RpcFacts::new("grpc", "shop.Catalog/Find")),
        DatabaseSpan::start(scope(), &DatabaseFacts::new("sqlite")),
    )
}

/// `error.type` of the spans that `f` ends.
fn errors(f: impl FnOnce()) -> Vec<Option<String>> {
    let trace = TestTrace::start();
    let _current = trace.context().attach();
    f();
    let spans = trace.spans().into_iter().map(|span| {
        let error_type = span.attributes.iter().find(|kv| kv.key.as_str() == "error.type");
        assert_eq!(span.status, if error_type.is_some() { Status::error("") } else { Status::Unset });
        error_type.map(|kv| kv.value.to_string())
    });
    spans.collect()
}

#[test]
fn calls_that_are_given_up_failed_if_their_time_is_over() {
    assert_eq!(errors(|| drop(calls())), [None, None, None]);
    let timeout = || Some("timeout".to_owned());
    assert_eq!(errors(|| time_out(|| drop(calls()))), [timeout(), timeout(), timeout()]);
    let ended = || {
        let (http, rpc, database) = calls();
        http.end();
        rpc.end();
        database.end();
    };
    assert_eq!(errors(|| time_out(ended)), [None, None, None]);
}

#[test]
fn a_query_whose_end_is_unknown_has_no_duration_among_the_metrics() {
    let trace = TestTrace::start();
    let _current = trace.context().attach();
    calls().2.fail_unmeasured("end_not_reported");
    assert!(trace.metric("db.client.operation.duration").is_none());
    calls().2.end();
    let points = trace.metric("db.client.operation.duration").unwrap().points;
    assert_eq!((points.len(), points[0].count()), (1, 1));
}

#[test]
fn calls_that_are_given_up_afterwards_have_not_timed_out() {
    let nested = || {
        time_out(|| time_out(|| ()));
        std::panic::catch_unwind(|| time_out(|| std::panic::resume_unwind(Box::new(())))).unwrap_err();
        drop(calls());
    };
    assert_eq!(errors(nested), [None, None, None]);
}
