//! Requests by `awc`: their spans, headers and metrics.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::collections::HashSet;
use std::time::Duration;

use awc::Client;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::context::FutureExt as _;
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SpanData;
use otel_clients::awc::{ClientTelemetry, RecordTimeOut as _};
use otel_core::opentelemetry;
use support::{PATIENCE, Peer, Received, Trace, attribute, durations, metric_names, response, text};

fn client() -> Client {
    with_time_out(PATIENCE)
}

/// A client with a time-out that its layer knows.
fn with_time_out(limit: Duration) -> Client {
    Client::builder().timeout(limit).wrap(ClientTelemetry::new().timeout(limit)).finish()
}

#[actix_rt::test]
async fn a_request_has_a_span_and_names_it() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "hello")));
    let body = trace
        .run(async {
            let request = client().post(peer.url("/users/42?sig=secret&a=1"));
            // A header that belongs to another trace.
            let request =
                request.insert_header(("traceparent", "00-11111111111111111111111111111111-1111111111111111-01"));
            let request = request.insert_header(("tracestate", "other=1")).insert_header(("baggage", "own=1"));
            request.send_body("body").await.unwrap().body().await.unwrap()
        })
        .await;
    assert_eq!(body, "hello");
    let span = trace.span();
    assert_eq!((&*span.name, &span.span_kind, &span.status), ("POST", &SpanKind::Client, &Status::Unset));
    assert_eq!(span.parent_span_id, SpanId::from(Trace::PARENT));
    let port = peer.address.port();
    assert_eq!(
        text(&span),
        format!(
            "http.request.method=POST http.response.status_code=200 network.protocol.version=1.1 \
             server.address=127.0.0.1 server.port={port} \
             url.full=http://127.0.0.1:{port}/users/42?sig=REDACTED&a=1"
        )
    );
    let [request] = &peer.received()[..] else { panic!("one request") };
    let named = format!("00-{}-{}-01", trace.id(), span.span_context.span_id());
    assert_eq!(request.header("traceparent"), [named]);
    assert_eq!((request.header("tracestate"), request.header("baggage")), (vec![], vec!["own=1"]));
    assert_eq!(
        durations("http.client.request.duration", &format!("server.port={port}")),
        [(
            1,
            format!(
                "http.request.method=POST http.response.status_code=200 network.protocol.version=1.1 \
                 server.address=127.0.0.1 server.port={port}"
            )
        )]
    );
    // Sizes are recorded only where the settings ask for them.
    assert!(!metric_names().iter().any(|name| name.contains("body.size")));
}

#[actix_rt::test]
async fn trace_state_and_baggage_go_on() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "hello")));
    let state = TraceState::from_key_value([("vendor", "1")]).unwrap();
    let parent = SpanContext::new(trace.id(), SpanId::from(Trace::PARENT), TraceFlags::SAMPLED, true, state);
    let plain = Context::new().with_remote_span_context(parent);
    let with_baggage = plain.with_baggage([KeyValue::new("user", "ada")]);
    for context in [plain, with_baggage] {
        let call = async { client().get(peer.url("/")).send().await.unwrap().body().await.unwrap() };
        assert_eq!(call.with_context(context).await, "hello");
    }
    let received = peer.received();
    for request in &received {
        assert_eq!((request.header("tracestate"), request.header("traceparent").len()), (vec!["vendor=1"], 1));
    }
    let baggage: Vec<_> = received.iter().map(|request| request.header("baggage")).collect();
    assert_eq!(baggage, [vec![], vec!["user=ada"]]);
}

#[actix_rt::test]
async fn each_redirect_is_an_attempt_of_its_own() {
    let (trace, peer) = (
        Trace::new(),
        Peer::start(|request| match request.target() {
            "/a" => response("302 Found", "location: /b\r\n", ""),
            "/b" => response("307 Temporary Redirect", "location: /c\r\n", ""),
            _ => response("200 OK", "", "there"),
        }),
    );
    trace
        .run(async {
            let client = client();
            client.get(peer.url("/a")).send().await.unwrap().body().await.unwrap();
            // The next request of the thread is no redirect.
            client.get(peer.url("/d")).send().await.unwrap().body().await.unwrap();
        })
        .await;
    let spans = trace.spans(4);
    let counts: Vec<_> = spans.iter().map(resend_count).collect();
    assert_eq!(counts, [None, Some("1".to_owned()), Some("2".to_owned()), None]);
    let sent: Vec<_> = peer.received().iter().map(Received::parent_id).collect();
    let ids: Vec<_> = spans.iter().map(|span| span.span_context.span_id().to_string()).collect();
    assert_eq!(sent, ids);
    assert!(spans.iter().all(|span| span.parent_span_id == SpanId::from(Trace::PARENT)));
}

fn resend_count(span: &SpanData) -> Option<String> {
    attribute(span, "http.request.resend_count")
}

/// A server with redirects to all kinds of targets.
fn redirecting() -> Peer {
    let other = Peer::start(|_| response("200 OK", "", "there"));
    Peer::start(move |request| {
        let [host] = request.header("host")[..] else { panic!("{request:?}") };
        let location = match request.target() {
            "/relative" => "next".to_owned(),
            "/query" => "/next?a=1&b=2#part".to_owned(),
            "/absolute" => format!("http://{host}/next"),
            "/no-path" => format!("http://{host}"),
            "/other-host" => other.url("/next"),
            "/no-scheme" => format!("//{}/next", other.address),
            _ => return response("200 OK", "", "there"),
        };
        response("307 Temporary Redirect", &format!("location: {location}\r\n"), "")
    })
}

#[actix_rt::test]
async fn redirects_are_counted_wherever_they_lead() {
    let peer = redirecting();
    for target in ["/relative", "/query", "/absolute", "/no-path", "/other-host", "/no-scheme"] {
        let trace = Trace::new();
        trace
            .run(async { client().post(peer.url(target)).send_body("body").await.unwrap().body().await.unwrap() })
            .await;
        let counts: Vec<_> = trace.spans(2).iter().map(resend_count).collect();
        assert_eq!(counts, [None, Some("1".to_owned())], "{target}");
    }

    // A redirect that is not followed, and a request to another target.
    let trace = Trace::new();
    trace
        .run(async {
            let client = Client::builder().disable_redirects().wrap(ClientTelemetry::new()).finish();
            client.get(peer.url("/relative")).send().await.unwrap();
            client.get(peer.url("/other")).send().await.unwrap();
        })
        .await;
    assert_eq!(trace.spans(2).iter().map(resend_count).collect::<Vec<_>>(), [None, None]);
}

#[actix_rt::test]
async fn concurrent_redirects_are_counted_apart() {
    let peer = redirecting();
    let calls = (0..30).map(|number| {
        let (trace, client, target) = (Trace::new(), client(), ["/relative", "/absolute", "/plain"][number % 3]);
        let request = client.get(peer.url(target));
        let call = actix_rt::spawn(trace.run(async { request.send().await.unwrap().body().await.unwrap() }));
        (trace, target, call)
    });
    for (trace, target, call) in calls.collect::<Vec<_>>() {
        call.await.unwrap();
        let expected = if target == "/plain" { vec![None] } else { vec![None, Some("1".to_owned())] };
        let counts: Vec<_> = trace.spans(expected.len()).iter().map(resend_count).collect();
        assert_eq!(counts, expected, "{target}");
    }
}

#[actix_rt::test]
async fn failures_have_a_type_of_low_cardinality() {
    let silent = Peer::start(|_| Vec::new());
    let missing = Peer::start(|_| response("404 Not Found", "", "no"));
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // A body that ends early is whole to `awc`; one that is not made of chunks is an error.
    let broken = Peer::start(|_| b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnone\r\n".to_vec());
    for (url, expected) in [
        (missing.url("/"), "404"),
        (format!("http://{closed}/"), "connection_refused"),
        ("http://name.invalid/".to_owned(), "name_not_resolved"),
        (silent.url("/"), "timeout"),
        (broken.url("/"), "response_body"),
    ] {
        let trace = Trace::new();
        let client = with_time_out(Duration::from_millis(300));
        trace
            .run(async {
                if let Ok(mut response) = client.get(url).send().await {
                    let _ = response.body().await;
                }
            })
            .await;
        let span = trace.span();
        assert_eq!(span.status, Status::error(""), "{expected}");
        assert!(text(&span).contains(&format!("error.type={expected} ")), "{expected}: {}", text(&span));
    }
}

/// `error.type` of a span, which has the status of an error if there is one.
fn failure(span: &SpanData) -> Option<String> {
    let error_type = attribute(span, "error.type");
    assert_eq!(span.status, if error_type.is_some() { Status::error("") } else { Status::Unset });
    error_type
}

#[actix_rt::test]
async fn the_default_time_out_is_an_error() {
    let (trace, silent) = (Trace::new(), Peer::start(|_| Vec::new()));
    let client = Client::builder().wrap(ClientTelemetry::new()).finish();
    trace.run(async { client.get(silent.url("/")).send().await.unwrap_err() }).await;
    assert_eq!(failure(&trace.span()).as_deref(), Some("timeout"));
}

#[actix_rt::test]
async fn a_time_out_counts_from_the_first_attempt() {
    let (trace, limit) = (Trace::new(), Duration::from_millis(400));
    let peer = Peer::start(move |request| {
        if request.target() == "/" {
            std::thread::sleep(limit / 2);
            response("302 Found", "location: /silent\r\n", "")
        } else {
            Vec::new()
        }
    });
    trace.run(async { with_time_out(limit).get(peer.url("/")).send().await.unwrap_err() }).await;
    let failures: Vec<_> = trace.spans(2).iter().map(failure).collect();
    assert_eq!(failures, [None, Some("timeout".to_owned())]);
}

#[actix_rt::test]
async fn the_time_out_of_a_request_is_an_error_where_it_is_recorded() {
    let (limit, silent) = (Duration::from_millis(100), Peer::start(|_| Vec::new()));
    let trace = Trace::new();
    let request = || client().get(silent.url("/")).timeout(limit);
    trace.run(async { request().send().record_time_out().await.unwrap_err() }).await;
    assert_eq!(failure(&trace.span()).as_deref(), Some("timeout"));

    // The layer alone cannot see it.
    let trace = Trace::new();
    trace.run(async { request().send().await.unwrap_err() }).await;
    assert_eq!(failure(&trace.span()), None);

    // A response, and an error of another kind.
    let peer = Peer::start(|_| response("200 OK", "", "hello"));
    let trace = Trace::new();
    trace
        .run(async {
            let mut response = client().get(peer.url("/")).send().record_time_out().await.unwrap();
            assert_eq!(response.body().await.unwrap(), "hello");
            client().get("http://name.invalid/").send().record_time_out().await.unwrap_err();
        })
        .await;
    let failures: Vec<_> = trace.spans(2).iter().map(failure).collect();
    assert_eq!(failures, [None, Some("name_not_resolved".to_owned())]);
}

#[actix_rt::test]
async fn without_a_time_out_every_dropped_request_was_given_up() {
    let (limit, silent) = (Duration::from_millis(50), Peer::start(|_| Vec::new()));
    let layers = [ClientTelemetry::new().timeout(limit), ClientTelemetry::new().timeout(limit).disable_timeout()];
    for (layer, expected) in layers.into_iter().zip([Some("timeout"), None]) {
        let (trace, client) = (Trace::new(), Client::builder().disable_timeout().wrap(layer).finish());
        let call = trace.run(async { client.get(silent.url("/")).send().await });
        actix_rt::time::timeout(limit * 2, call).await.unwrap_err();
        assert_eq!(failure(&trace.span()).as_deref(), expected);
    }
}

#[actix_rt::test]
async fn code_that_drops_a_call_can_record_its_time_out() {
    let (trace, silent) = (Trace::new(), Peer::start(|_| Vec::new()));
    let mut call = Box::pin(trace.run(async { client().get(silent.url("/")).send().await }));
    actix_rt::time::timeout(Duration::from_millis(50), &mut call).await.unwrap_err();
    otel_core::client::time_out(|| drop(call));
    assert_eq!(failure(&trace.span()).as_deref(), Some("timeout"));
}

#[actix_rt::test]
async fn the_span_ends_with_the_body() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "hello")));
    trace
        .run(async {
            let mut response = client().get(peer.url("/")).send().await.unwrap();
            assert_eq!(trace.ended(), 0);
            response.body().await.unwrap();
        })
        .await;
    assert_eq!(trace.span().status, Status::Unset);

    // A response that is not read, and a call that is dropped: neither is an error.
    let trace = Trace::new();
    trace.run(async { drop(client().get(peer.url("/")).send().await.unwrap()) }).await;
    assert_eq!(trace.span().status, Status::Unset);

    let (trace, silent) = (Trace::new(), Peer::start(|_| Vec::new()));
    let call = trace.run(async { client().get(silent.url("/")).send().await });
    assert!(actix_rt::time::timeout(Duration::from_millis(100), call).await.is_err());
    let span = trace.span();
    assert_eq!((&span.status, text(&span).contains("error.type")), (&Status::Unset, false));
}

#[actix_rt::test]
async fn reused_requests_and_concurrent_ones_have_ids_of_their_own() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "")));
    trace
        .run(async {
            let client = client();
            let frozen = client.get(peer.url("/frozen")).insert_header(("tracestate", "other=1")).freeze().unwrap();
            for _ in 0..3 {
                frozen.send().await.unwrap();
            }
            let calls = (0..20).map(|number| client.get(peer.url(&format!("/{number}"))).send());
            let answers: Vec<_> = calls.collect();
            for answer in answers {
                answer.await.unwrap();
            }
        })
        .await;
    let ids: HashSet<_> = trace.spans(23).iter().map(|span| span.span_context.span_id().to_string()).collect();
    let received = peer.received();
    assert!(received.iter().all(|request| request.header("tracestate").is_empty()));
    assert_eq!(received.iter().map(Received::parent_id).collect::<HashSet<_>>(), ids);
    assert_eq!(ids.len(), 23);
}

#[actix_rt::test]
async fn where_telemetry_is_suppressed_there_is_no_span_and_the_trace_goes_on_unsampled() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "")));
    trace
        .run(async { otel_core::suppress_future(async { client().get(peer.url("/")).send().await.unwrap() }).await })
        .await;
    let [request] = &peer.received()[..] else { panic!("one request") };
    let [header] = request.header("traceparent")[..] else { panic!("one header") };
    assert!(header.starts_with(&format!("00-{}-", trace.id())) && header.ends_with("-00"), "{header}");
    assert_eq!(trace.ended(), 0);
}
