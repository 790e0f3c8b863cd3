//! Requests with each propagator: the headers that they have on arrival, and requests within requests.
//!
//! A test program of its own: the propagators are those of the process.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body_util::BodyExt as _;
use opentelemetry_sdk::trace::SpanData;
use otel_clients::reqwest_0_13::TracedClient;
use otel_clients::tower::HttpLayer;
use otel_core::config::PropagatorName::{self, B3, B3Multi, Baggage, Jaeger, TraceContext, Xray};
use otel_core::propagation::install;
use reqwest_0_13::{Body, Client, Error};
use support::{Peer, Received, Trace, response};
use tower_layer::Layer as _;
use tower_service::Service;

/// Headers of another trace.
const STALE: [(&str, &str); 10] = [
    ("traceparent", "00-11111111111111111111111111111111-1111111111111111-01"),
    ("tracestate", "other=1"),
    ("baggage", "own=1"),
    ("b3", "11111111111111111111111111111111-1111111111111111-1"),
    ("x-b3-traceid", "11111111111111111111111111111111"),
    ("x-b3-spanid", "1111111111111111"),
    ("x-b3-sampled", "0"),
    ("x-b3-flags", "1"),
    ("uber-trace-id", "11111111111111111111111111111111:1111111111111111:0:0"),
    ("x-amzn-trace-id", "Root=1-11111111-111111111111111111111111;Parent=1111111111111111;Sampled=0"),
];

type Headers = [(&'static str, &'static str)];

/// Propagators, and the headers of a request of a span. Other headers stay as they are.
const CASES: [(&[PropagatorName], &Headers); 9] = [
    (&[], &[]),
    (&[Baggage], &[]),
    (&[TraceContext], TRACE_CONTEXT),
    (&[TraceContext, Baggage], TRACE_CONTEXT),
    (&[B3], &[("b3", "TRACE-SPAN-1")]),
    (&[B3Multi], B3_MULTI),
    (&[Jaeger], &[("uber-trace-id", "TRACE:SPAN:0:1")]),
    (&[Xray], &[("x-amzn-trace-id", "Root=1-HEAD-TAIL;Parent=SPAN;Sampled=1")]),
    (&[Baggage, B3, Jaeger], &[("b3", "TRACE-SPAN-1"), ("uber-trace-id", "TRACE:SPAN:0:1")]),
];
const TRACE_CONTEXT: &Headers = &[("traceparent", "00-TRACE-SPAN-01"), ("tracestate", "")];
const B3_MULTI: &Headers =
    &[("x-b3-traceid", "TRACE"), ("x-b3-spanid", "SPAN"), ("x-b3-sampled", "1"), ("x-b3-flags", "")];

#[test]
fn each_propagator_replaces_its_headers() {
    let peer = Peer::start(|_| response("200 OK", "", "hello"));
    // The first trace sets the usual propagators.
    Trace::new();
    for (names, headers) in CASES {
        install(names);
        // A thread of its own sees the propagators at once.
        std::thread::scope(|scope| scope.spawn(|| check(&peer, names, headers)).join().unwrap());
    }
}

fn check(peer: &Peer, names: &[PropagatorName], headers: &Headers) {
    let (trace, before) = (Trace::new(), peer.received().len());
    let client = TracedClient::new(Client::new());
    let mut service = HttpLayer::new().layer(ThroughReqwest { client: client.clone(), token_url: peer.url("/token") });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(trace.run(async {
        let request =
            STALE.iter().fold(client.get(peer.url("/plain")), |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap().bytes().await.unwrap();
        let request =
            STALE.iter().fold(Request::get(peer.url("/main")), |request, (name, value)| request.header(*name, *value));
        let response = service.call(request.body(String::new()).unwrap()).await.unwrap();
        response.into_body().collect().await.unwrap();
    }));
    let [plain, token, main] = &peer.received()[before..] else { panic!("{names:?}: three requests") };

    // A request that is sent meanwhile has its own span. The request itself has one, if a header shows that it is the same.
    let spans = trace.spans(if headers.is_empty() { 4 } else { 3 });
    assert_eq!(spans[2].parent_span_id, spans[1].span_context.span_id(), "{names:?}");
    for (request, span) in [(plain, &spans[0]), (main, &spans[1])] {
        for (name, stale) in STALE {
            let expected =
                headers.iter().find(|header| header.0 == name).map_or(stale.to_owned(), |header| text(header.1, span));
            assert_eq!(request.header(name).join(","), expected, "{names:?}: {name}");
        }
    }
    for (name, value) in headers {
        assert_eq!(token.header(name).join(","), text(value, &spans[2]), "{names:?}: {name}");
    }
    assert!(headers.is_empty() == is_untraced(token), "{names:?}: {token:?}");
}

/// A header of a request of this span.
fn text(template: &str, span: &SpanData) -> String {
    let (trace, span) = (span.span_context.trace_id().to_string(), span.span_context.span_id().to_string());
    let text = template.replace("TRACE", &trace).replace("SPAN", &span);
    text.replace("HEAD", &trace[..8]).replace("TAIL", &trace[8..])
}

/// Returns `true` if a request has no header of any propagator.
fn is_untraced(request: &Received) -> bool {
    STALE.iter().all(|(name, _)| request.header(name).is_empty())
}

/// Sends each request by a traced client, after a request for a token.
#[derive(Clone, Debug)]
struct ThroughReqwest {
    client: TracedClient,
    token_url: String,
}

impl Service<Request<String>> for ThroughReqwest {
    type Response = Response<Body>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let Self { client, token_url } = self.clone();
        Box::pin(async move {
            client.get(token_url).send().await?.bytes().await?;
            client.execute(request.try_into()?).await.map(Response::from)
        })
    }
}
