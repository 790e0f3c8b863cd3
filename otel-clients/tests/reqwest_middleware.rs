//! Requests by `reqwest-middleware`, also where another middleware sends them again.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};

use http::Extensions;
use opentelemetry::trace::{SpanId, SpanKind, Status};
use otel_clients::reqwest_middleware::{ClientTelemetry, UrlTemplate};
use otel_core::opentelemetry;
use reqwest_0_13 as reqwest;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next};
use support::{Peer, Received, Trace, attribute, response, text};

/// Sends a request again until it is answered with success.
struct Retry;

#[async_trait::async_trait]
impl Middleware for Retry {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        loop {
            let result = next.clone().run(request.try_clone().unwrap(), extensions).await;
            if result.as_ref().is_ok_and(|response| response.status().is_success()) {
                return result;
            }
        }
    }
}

/// Refuses every request.
struct Refuse;

#[async_trait::async_trait]
impl Middleware for Refuse {
    async fn handle(
        &self,
        _: reqwest::Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        Err(reqwest_middleware::Error::middleware(std::io::Error::other("no")))
    }
}

fn client() -> ClientWithMiddleware {
    ClientBuilder::new(reqwest::Client::new()).with(Retry).with(ClientTelemetry::new()).build()
}

#[tokio::test]
async fn each_attempt_has_a_span_and_names_it() {
    let attempts = AtomicU32::new(0);
    let peer = Peer::start(move |_| match attempts.fetch_add(1, Ordering::Relaxed) {
        0 => response("503 Service Unavailable", "", "later"),
        1 => response("429 Too Many Requests", "", "later"),
        _ => response("200 OK", "", "hello"),
    });
    let trace = Trace::new();
    trace
        .run(async {
            let request = client().get(peer.url("/users/42")).with_extension(UrlTemplate("/users/{id}".into()));
            let request = request.header("traceparent", "00-11111111111111111111111111111111-1111111111111111-01");
            assert_eq!(request.send().await.unwrap().text().await.unwrap(), "hello");
        })
        .await;
    let spans = trace.spans(3);
    let expected = [("503", None), ("429", Some("1")), ("200", Some("2"))];
    for (span, (status, resend_count)) in spans.iter().zip(expected) {
        assert_eq!((&*span.name, &span.span_kind), ("GET /users/{id}", &SpanKind::Client));
        assert_eq!(span.parent_span_id, SpanId::from(Trace::PARENT));
        assert_eq!(attribute(span, "http.response.status_code").as_deref(), Some(status));
        assert_eq!(attribute(span, "error.type").as_deref(), (status != "200").then_some(status));
        assert_eq!(attribute(span, "http.request.resend_count").as_deref(), resend_count);
    }
    let sent: Vec<_> = peer.received().iter().map(Received::parent_id).collect();
    let ids: Vec<_> = spans.iter().map(|span| span.span_context.span_id().to_string()).collect();
    assert_eq!(sent, ids);
}

#[tokio::test]
async fn failures_have_a_type_of_low_cardinality() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let telemetry = || ClientBuilder::new(reqwest::Client::new()).with(ClientTelemetry::new());
    for (client, url, expected) in [
        (telemetry().build(), format!("http://{closed}/"), "connection_refused"),
        (telemetry().build(), "http://name.invalid/".to_owned(), "name_not_resolved"),
        (telemetry().with(Refuse).build(), format!("http://{closed}/"), "middleware"),
    ] {
        let trace = Trace::new();
        trace.run(client.get(url).send()).await.unwrap_err();
        let span = trace.span();
        assert_eq!(span.status, Status::error(""), "{expected}");
        assert!(text(&span).contains(&format!("error.type={expected} ")), "{expected}: {}", text(&span));
    }
}

#[tokio::test]
async fn where_telemetry_is_suppressed_there_is_no_span_and_the_trace_goes_on_unsampled() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "")));
    let get = || client().get(peer.url("/")).send();
    trace.run(async { otel_core::suppress_future(get()).await }).await.unwrap();
    // In a task, which has the context of the trace.
    tokio::spawn(trace.run(get())).await.unwrap().unwrap();
    peer.assert_only_last_has_span(trace);
}
