//! HTTP requests by the client of `hyper-util`.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use opentelemetry_sdk::trace::SpanData;
use otel_clients::tower::{HttpLayer, HttpService, ResendCount, UrlTemplate};
use otel_core::opentelemetry::trace::{SpanId, SpanKind, Status};
use tokio::net::TcpStream;
use tower_layer::Layer as _;
use tower_service::Service;

use crate::support::{Answer, Http2Peer, Peer, Received, Trace, attribute, durations, response, text};

type Traced = HttpService<Client<HttpConnector, Full<Bytes>>>;

fn client() -> Traced {
    HttpLayer::new().layer(Client::builder(TokioExecutor::new()).build_http())
}

fn get(url: impl AsRef<str>) -> Request<Full<Bytes>> {
    Request::get(url.as_ref()).body(Full::default()).unwrap()
}

/// Reads the whole body.
async fn read<B: http_body_util::BodyExt>(response: Response<B>) -> Result<Bytes, B::Error> {
    response.into_body().collect().await.map(http_body_util::Collected::to_bytes)
}

#[tokio::test]
async fn a_request_has_a_span_and_names_it() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "hello")));
    let mut request = get(peer.url("/users/42?sig=secret&a=1"));
    *request.method_mut() = Method::PUT;
    request.extensions_mut().insert(UrlTemplate("/users/{id}".into()));
    for (name, value) in [
        ("traceparent", "00-11111111111111111111111111111111-1111111111111111-01"),
        ("tracestate", "other=1"),
        ("baggage", "own=1"),
    ] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    trace
        .run(async {
            let response = client().call(request).await.unwrap();
            assert_eq!(trace.ended(), 0);
            assert_eq!(read(response).await.unwrap(), "hello");
        })
        .await;
    let span = trace.span();
    assert_eq!((&*span.name, &span.span_kind, &span.status), ("PUT /users/{id}", &SpanKind::Client, &Status::Unset));
    assert_eq!(span.parent_span_id, SpanId::from(Trace::PARENT));
    let port = peer.address.port();
    assert_eq!(
        text(&span),
        format!(
            "http.request.method=PUT http.response.status_code=200 network.protocol.version=1.1 \
             server.address=127.0.0.1 server.port={port} \
             url.full=http://127.0.0.1:{port}/users/42?sig=REDACTED&a=1 url.template=/users/{{id}}"
        )
    );
    let [request] = &peer.received()[..] else { panic!("one request") };
    let named = format!("00-{}-{}-01", trace.id(), span.span_context.span_id());
    assert_eq!(request.header("traceparent"), [named]);
    assert_eq!((request.header("tracestate"), request.header("baggage")), (vec![], vec!["own=1"]));
    let [(1, series)] = &durations("http.client.request.duration", &format!("server.port={port}"))[..] else {
        panic!("one series with one request")
    };
    assert!(series.contains("http.response.status_code=200"), "{series}");
}

/// A connection that sends requests as they are: their URI is a path, and `Host` has the server.
struct Connection(SendRequest<Full<Bytes>>);

impl Service<Request<Full<Bytes>>> for Connection {
    type Response = Response<Incoming>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Incoming>, hyper::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), hyper::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        Box::pin(self.0.send_request(request))
    }
}

#[tokio::test]
async fn a_request_whose_uri_is_a_path_names_the_server_of_its_host_header() {
    let peer = Peer::start(|_| response("200 OK", "", "hello"));
    let port = peer.address.port();
    for (host, expected) in [
        (
            format!("shop.example:{port}"),
            format!("server.address=shop.example server.port={port} url.full=http://shop.example:{port}/a?b=1"),
        ),
        ("[::1]".to_owned(), "server.address=::1 server.port=80 url.full=http://[::1]/a?b=1".to_owned()),
    ] {
        let stream = TokioIo::new(TcpStream::connect(peer.address).await.unwrap());
        let (connection, driver) = handshake(stream).await.unwrap();
        tokio::spawn(driver);
        let mut request = get("/a?b=1");
        request.headers_mut().insert("host", host.parse().unwrap());
        let trace = Trace::new();
        trace
            .run(async {
                read(HttpLayer::new().layer(Connection(connection)).call(request).await.unwrap()).await.unwrap()
            })
            .await;
        let text = text(&trace.span());
        let server = text.split_once("network.protocol.version=1.1 ").unwrap().1;
        assert_eq!(server, expected);
    }
}

#[tokio::test]
async fn failures_have_a_type_of_low_cardinality() {
    let missing = Peer::start(|_| response("404 Not Found", "", "no"));
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, expected) in [
        (missing.url("/"), "404"),
        (format!("http://{closed}/"), "connection_refused"),
        ("http://name.invalid/".to_owned(), "name_not_resolved"),
    ] {
        let trace = Trace::new();
        trace
            .run(async {
                if let Ok(response) = client().call(get(url)).await {
                    read(response).await.unwrap();
                }
            })
            .await;
        assert_eq!(failure(&trace.span()), expected);
    }

    // A body that breaks off.
    let broken = Http2Peer::start(|_| Some(Answer { data: b"half", is_reset: true, ..Answer::default() }));
    let trace = Trace::new();
    let mut http2 = HttpLayer::new().layer(Client::builder(TokioExecutor::new()).http2_only(true).build_http());
    let url = format!("http://{}/", broken.address);
    trace.run(async { read(http2.call(get(url)).await.unwrap()).await.unwrap_err() }).await;
    let span = trace.span();
    assert_eq!(
        (failure(&span).as_str(), attribute(&span, "network.protocol.version")),
        ("hyper::error::Error", Some("2".into()))
    );
}

/// `error.type` of a span that has the status of an error.
fn failure(span: &SpanData) -> String {
    assert_eq!(span.status, Status::error(""));
    attribute(span, "error.type").unwrap()
}

/// A layer outside of ours: a time-out, as that of `tower`, whose error is boxed.
#[derive(Clone)]
struct Timeout<S>(S, Duration);

impl<S: Service<Request<Full<Bytes>>, Future: Send + 'static, Error: std::error::Error + Send + Sync + 'static>>
    Service<Request<Full<Bytes>>> for Timeout<S>
{
    type Response = S::Response;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let (call, limit) = (self.0.call(request), self.1);
        Box::pin(async move {
            let elapsed = |_| std::io::Error::from(std::io::ErrorKind::TimedOut);
            Ok(tokio::time::timeout(limit, call).await.map_err(elapsed)??)
        })
    }
}

#[tokio::test]
async fn a_time_out_inside_is_an_error_and_one_outside_gives_the_call_up() {
    let silent = Peer::start(|_| Vec::new());
    let plain = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let limit = Duration::from_millis(100);

    let trace = Trace::new();
    let mut inside = HttpLayer::new().layer(Timeout(plain.clone(), limit));
    assert!(trace.run(async { inside.call(get(silent.url("/"))).await }).await.is_err());
    assert_eq!(failure(&trace.span()), "timeout");

    let trace = Trace::new();
    let mut outside = Timeout(HttpLayer::new().layer(plain), limit);
    assert!(trace.run(async { outside.call(get(silent.url("/"))).await }).await.is_err());
    let span = trace.span();
    assert_eq!((&span.status, attribute(&span, "error.type")), (&Status::Unset, None));
}

#[tokio::test]
async fn bodies_end_spans_and_giving_up_is_no_error() {
    let peer = Peer::start(|_| response("200 OK", "", "hello"));
    // Never read.
    let trace = Trace::new();
    drop(trace.run(async { client().call(get(peer.url("/"))).await.unwrap() }).await);
    assert_eq!(trace.span().status, Status::Unset);

    // Given up between head and body, by another task.
    let slow = Peer::start(|_| b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec());
    let trace = Trace::new();
    let response = trace.run(async { client().call(get(slow.url("/"))).await.unwrap() }).await;
    let mut body = response.into_body();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "half");
    assert_eq!(trace.ended(), 0);
    tokio::spawn(async move { drop(body) }).await.unwrap();
    assert_eq!((trace.span().status, attribute(&trace.span(), "error.type")), (Status::Unset, None));

    // Dropped before there is a response.
    let (trace, silent) = (Trace::new(), Peer::start(|_| Vec::new()));
    let url = silent.url("/");
    let call = tokio::spawn(trace.run(async move { client().call(get(url)).await.map(drop) }));
    while silent.received().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.is_err());
    assert_eq!((trace.span().status, attribute(&trace.span(), "error.type")), (Status::Unset, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_requests_have_ids_of_their_own() {
    let peer = Http2Peer::start(|_| Some(Answer { data: b"hello", ..Answer::default() }));
    let http2 = HttpLayer::new().layer(Client::builder(TokioExecutor::new()).http2_only(true).build_http());
    let trace = Trace::new();
    let calls = (0_u32..50).map(|number| {
        let (mut client, url) = (http2.clone(), format!("http://{}/{number}", peer.address));
        let mut request = get(url);
        request.extensions_mut().insert(ResendCount(number));
        tokio::spawn(trace.run(async move { read(client.call(request).await.unwrap()).await.unwrap() }))
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), "hello");
    }
    let spans = trace.spans(50);
    let mut ids = HashSet::new();
    for request in peer.received() {
        let parent = request.headers["traceparent"].to_str().unwrap().split('-').nth(2).unwrap().to_owned();
        let span = spans.iter().find(|span| span.span_context.span_id().to_string() == parent).unwrap();
        let number = request.uri.path().trim_start_matches('/');
        assert!(attribute(span, "url.full").unwrap().ends_with(request.uri.path()));
        let resent = attribute(span, "http.request.resend_count");
        assert_eq!(resent, (number != "0").then(|| number.to_owned()));
        ids.insert(parent);
    }
    assert_eq!(ids.len(), 50);
}

#[tokio::test]
async fn where_telemetry_is_suppressed_the_trace_goes_on_unsampled() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "")));
    trace.run(async { otel_core::suppress_future(client().call(get(peer.url("/")))).await.unwrap() }).await;
    // `call` starts the span, and it was not suppressed yet.
    trace.run(otel_core::suppress_future(async { client().call(get(peer.url("/"))).await.unwrap() })).await;
    let parents: Vec<_> = peer.received().iter().map(Received::parent_id).collect();
    assert_eq!(parents.len(), 2);
    let last = peer.received().remove(1);
    assert!(last.header("traceparent")[0].ends_with("-00"), "{last:?}");
    assert_eq!(trace.span().span_context.span_id().to_string(), parents[0]);
}
