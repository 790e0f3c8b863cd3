//! The same tests for each version: `reqwest` is the crate, `traced` the module for it.

use std::io::Read as _;
use std::time::Duration;

use otel_core::opentelemetry::trace::{SpanId, SpanKind, Status};

use super::reqwest::Client;
use super::traced::blocking::SendTraced as _;
use super::traced::{SendTraced as _, TracedClient};
use crate::support::{Peer, Received, Trace, attribute, durations, response, text};

#[tokio::test]
async fn a_request_has_a_span_and_names_it() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "x-a: b\r\n", "hello")));
    let url = format!("http://user:password@{}/users/42?sig=secret&a=1", peer.address);
    let client = TracedClient::new(Client::new());
    trace
        .run(async {
            let request = client.post(&url).template("/users/{id}").body("body");
            let request = request.header("traceparent", "00-11111111111111111111111111111111-1111111111111111-01");
            let response = request.header("tracestate", "other=1").header("baggage", "own=1").send().await.unwrap();
            // The response is the same as without a span.
            assert_eq!(response.url().path(), "/users/42");
            assert_eq!((&response.headers()["x-a"], response.content_length()), (&"b".parse().unwrap(), Some(5)));
            assert_eq!(response.remote_addr(), Some(peer.address));
            assert_eq!(trace.ended(), 0);
            assert_eq!(response.text().await.unwrap(), "hello");
        })
        .await;
    let span = trace.span();
    assert_eq!((&*span.name, &span.span_kind, &span.status), ("POST /users/{id}", &SpanKind::Client, &Status::Unset));
    assert_eq!(span.parent_span_id, SpanId::from(Trace::PARENT));
    let port = peer.address.port();
    assert_eq!(
        text(&span),
        format!(
            "http.request.method=POST http.response.status_code=200 network.peer.address=127.0.0.1 \
             network.peer.port={port} network.protocol.version=1.1 server.address=127.0.0.1 server.port={port} \
             url.full=http://127.0.0.1:{port}/users/42?sig=REDACTED&a=1 url.template=/users/{{id}}"
        )
    );
    let [request] = &peer.received()[..] else { panic!("one request") };
    let named = format!("00-{}-{}-01", trace.id(), span.span_context.span_id());
    assert_eq!(request.header("traceparent"), [named]);
    assert_eq!((request.header("tracestate"), request.header("baggage")), (vec![], vec!["own=1"]));
    assert_eq!(request.header("authorization").len(), 1);
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
}

#[tokio::test]
async fn failures_have_a_type_of_low_cardinality() {
    let silent = Peer::start(|_| Vec::new());
    let missing = Peer::start(|_| response("404 Not Found", "", "no"));
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let slow = Peer::start(|_| b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n".to_vec());
    let looping = Peer::start(|_| response("302 Found", "location: /\r\n", ""));
    for (url, expected) in [
        (missing.url("/"), "404"),
        (format!("http://{closed}/"), "connection_refused"),
        ("http://name.invalid/".to_owned(), "name_not_resolved"),
        (silent.url("/"), "timeout"),
        (slow.url("/"), "timeout"),
        (looping.url("/"), "redirect"),
    ] {
        let trace = Trace::new();
        let client = TracedClient::new(Client::new());
        trace
            .run(async {
                if let Ok(response) = client.get(url).timeout(Duration::from_millis(500)).send().await {
                    let _ = response.bytes().await;
                }
            })
            .await;
        let span = trace.span();
        assert_eq!(span.status, Status::error(""), "{expected}");
        assert!(text(&span).contains(&format!("error.type={expected} ")), "{expected}: {}", text(&span));
    }
}

#[tokio::test]
async fn bodies_end_spans_and_giving_up_is_no_error() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "hello")));
    let mut response = trace.run(Client::new().get(peer.url("/")).send_traced()).await.unwrap();
    assert_eq!(trace.ended(), 0);
    assert_eq!(response.chunk().await.unwrap().unwrap(), "hello");
    assert_eq!(trace.span().status, Status::Unset);

    // A response that is not read.
    let trace = Trace::new();
    drop(trace.run(Client::new().get(peer.url("/")).send_traced()).await.unwrap());
    assert_eq!(trace.span().status, Status::Unset);

    // A call that is dropped, by another task than the one that began it.
    let (trace, silent) = (Trace::new(), Peer::start(|_| Vec::new()));
    let peer = silent.clone();
    let task = tokio::spawn(trace.run(async move { Client::new().get(silent.url("/")).send_traced().await }));
    while peer.received().is_empty() {
        tokio::task::yield_now().await;
    }
    task.abort();
    assert!(task.await.is_err());
    let span = trace.span();
    assert_eq!((&span.status, text(&span).contains("error.type")), (&Status::Unset, false));
}

#[tokio::test]
async fn a_request_that_is_sent_again_has_an_id_of_its_own() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "hello")));
    trace
        .run(async {
            let request = TracedClient::new(Client::new()).get(peer.url("/again")).template("/{again}");
            for _ in 0..2 {
                request.try_clone().unwrap().send().await.unwrap().text().await.unwrap();
            }
            request.send().await.unwrap().text().await.unwrap();
        })
        .await;
    let spans = trace.spans(3);
    assert!(
        spans.iter().all(|span| span.name == "GET /{again}" && attribute(span, "http.request.resend_count").is_none())
    );
    let ids: Vec<_> = spans.iter().map(|span| span.span_context.span_id().to_string()).collect();
    assert_eq!(peer.received().iter().map(Received::parent_id).collect::<Vec<_>>(), ids);
}

#[tokio::test]
async fn a_followed_redirect_is_part_of_its_request() {
    let there = Peer::start(|_| response("200 OK", "", "hello"));
    let elsewhere = there.url("/there");
    let peer = Peer::start(move |request| match request.target() {
        "/elsewhere" => response("302 Found", &format!("location: {elsewhere}\r\n"), ""),
        "/here" => response("302 Found", "location: /there\r\n", ""),
        _ => response("200 OK", "", "hello"),
    });
    let port = peer.address.port().to_string();
    for (target, peer_port) in [("/here", Some(&port)), ("/elsewhere", None)] {
        let trace = Trace::new();
        trace
            .run(async {
                let response = Client::new().get(peer.url(target)).send_traced().await.unwrap();
                assert_eq!(response.url().path(), "/there");
                response.text().await.unwrap();
            })
            .await;
        // The URL is that of the request, the status that of the last answer. There is no peer of another server.
        let span = trace.span();
        assert_eq!(attribute(&span, "url.full"), Some(peer.url(target)));
        assert_eq!(attribute(&span, "http.response.status_code").as_deref(), Some("200"));
        assert_eq!(attribute(&span, "server.port").as_ref(), Some(&port));
        let recorded = ["network.peer.port", "network.peer.address"].map(|key| attribute(&span, key));
        assert_eq!(recorded, [peer_port.cloned(), peer_port.map(|_| "127.0.0.1".to_owned())], "{target}");
        // Both requests belong to the span.
        let id = span.span_context.span_id().to_string();
        let received = peer.received().into_iter().chain(there.received());
        assert_eq!(received.filter(|request| request.parent_id() == id).count(), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_calls_keep_their_ids_apart() {
    let peer = Peer::start(|_| response("200 OK", "", "hello"));
    let client = TracedClient::new(Client::new());
    let calls = (0..100).map(|number| {
        let (client, trace, url) = (client.clone(), Trace::new(), peer.url(&format!("/{number}")));
        tokio::spawn(async move {
            trace.run(async { client.get(url).send().await.unwrap().text().await.unwrap() }).await;
            (number, trace)
        })
    });
    for call in calls.collect::<Vec<_>>() {
        let (number, trace) = call.await.unwrap();
        let target = format!("/{number}");
        let received = peer.received().into_iter().find(|request| request.target() == target).unwrap();
        let span = trace.span();
        let named = format!("00-{}-{}-01", trace.id(), span.span_context.span_id());
        assert_eq!(received.header("traceparent"), [named]);
        assert!(text(&span).ends_with(&target));
    }
}

#[tokio::test]
async fn a_request_that_is_traced_twice_has_one_span() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "hello")));
    let client = Client::new();
    let mut request = client.get(peer.url("/")).build().unwrap();
    let nested = async {
        // A library that sends its requests through another one.
        let facts = otel_core::http::ClientRequestFacts::new("GET", "http", "127.0.0.1", "/");
        let span = otel_core::client::HttpClientSpan::start(otel_core::client::scope(), &facts);
        span.inject(request.headers_mut());
        span.run(super::traced::execute(&client, request)).await.unwrap();
        // Another request that is sent meanwhile has a span of its own.
        span.run(client.get(peer.url("/token")).send_traced()).await.unwrap();
    };
    trace.run(nested).await;
    let spans = trace.spans(2);
    assert_eq!(spans[1].parent_span_id, spans[0].span_context.span_id());
    assert_eq!(peer.received()[0].parent_id(), spans[0].span_context.span_id().to_string());
}

#[test]
fn blocking_requests_have_spans_that_end_with_their_bodies() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "x-a: b\r\n", &"hello ".repeat(10_000))));
    let client = super::reqwest::blocking::Client::new();
    {
        let _attached = trace.context().attach();
        let mut response = client.get(peer.url("/a")).send_traced().unwrap();
        assert_eq!((response.url().path(), response.content_length()), ("/a", Some(60_000)));
        assert_eq!(&response.headers()["x-a"], "b");
        assert_eq!(response.remote_addr(), Some(peer.address));
        let mut half = vec![0; 30_000];
        response.read_exact(&mut half).unwrap();
        assert_eq!(trace.ended(), 0);
        let mut rest = Vec::new();
        assert_eq!(response.read_to_end(&mut rest).unwrap(), 30_000);
    }
    assert_eq!(trace.span().status, Status::Unset);

    let trace = Trace::new();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    {
        let _attached = trace.context().attach();
        assert!(client.get(format!("http://{closed}/")).send_traced().is_err());
    }
    assert!(text(&trace.span()).contains("error.type=connection_refused "));
}

#[test]
fn blocking_requests_carry_their_context_and_bodies_that_break_off_are_errors() {
    let broken = Peer::start(|_| b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\nnone\r\n".to_vec());
    let (trace, client) = (Trace::new(), super::reqwest::blocking::Client::new());
    {
        let _attached = trace.context().attach();
        let request = client.get(broken.url("/")).header("tracestate", "other=1").header("baggage", "own=1");
        request.send_traced().unwrap().text().unwrap_err();
    }
    let span = trace.span();
    assert_eq!((&span.status, attribute(&span, "error.type").as_deref()), (&Status::error(""), Some("response_body")));
    let [request] = &broken.received()[..] else { panic!("one request") };
    assert_eq!(request.header("traceparent"), [format!("00-{}-{}-01", trace.id(), span.span_context.span_id())]);
    assert_eq!((request.header("tracestate"), request.header("baggage")), (vec![], vec!["own=1"]));
}

#[tokio::test]
async fn where_telemetry_is_suppressed_there_is_no_span_and_the_trace_goes_on_unsampled() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "")));
    let get = |url| async { super::traced::SendTraced::send_traced(Client::new().get(url)).await };
    trace.run(async { otel_core::suppress_future(get(peer.url("/"))).await }).await.unwrap();
    // In a task, which has the context of the trace.
    tokio::spawn(trace.run(get(peer.url("/")))).await.unwrap().unwrap();
    peer.assert_only_last_has_span(trace);
}

#[test]
fn blocking_requests_are_suppressed_as_well() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "")));
    let get = || super::reqwest::blocking::Client::new().get(peer.url("/")).send_traced().unwrap();
    let attached = trace.context().attach();
    otel_core::suppress(get);
    get();
    drop(attached);
    peer.assert_only_last_has_span(trace);
}
