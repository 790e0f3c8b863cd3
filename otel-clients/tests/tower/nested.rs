//! Calls that pass two instrumented layers: they have one span, that of the layer outside.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Extensions, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry_sdk::trace::SpanData;
use otel_clients::reqwest_0_13::execute;
use otel_clients::reqwest_middleware::ClientTelemetry;
use otel_clients::tower::{GrpcLayer, HttpLayer};
use otel_core::opentelemetry::trace::SpanId;
use reqwest_middleware::{ClientBuilder, Middleware, Next};
use tower_layer::Layer as _;
use tower_service::Service;

use crate::support::{Answer, Http2Peer, Peer, Received, Trace, attribute, response};

type Http2 = Client<HttpConnector, Full<Bytes>>;

/// Sends a gRPC call through a service. Returns its only span.
async fn span_of<S, B>(wrap: impl FnOnce(Http2) -> S) -> SpanData
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>>,
    S::Error: std::fmt::Debug,
    B: BodyExt,
    B::Error: std::fmt::Debug,
{
    let mut answer = Answer::default();
    answer.head.headers_mut().insert("grpc-status", "5".parse().unwrap());
    let (trace, peer) = (Trace::new(), Http2Peer::start(move |_| Some(answer.clone())));
    let mut service = wrap(Client::builder(TokioExecutor::new()).http2_only(true).build_http());
    let request = Request::post(format!("http://{}/shop.Catalog/Find", peer.address)).body(Full::default()).unwrap();
    trace.run(async { service.call(request).await.unwrap().into_body().collect().await.unwrap() }).await;
    let span = trace.span();
    let [request] = &peer.received()[..] else { panic!("one request") };
    assert_eq!(request.headers["traceparent"], format!("00-{}-{}-01", trace.id(), span.span_context.span_id()));
    span
}

#[tokio::test]
async fn layers_around_layers_give_a_call_one_span() {
    let (http, grpc) = (HttpLayer::new(), GrpcLayer::new("shop.example", 1));
    assert_eq!(span_of(|client| http.layer(http.layer(client))).await.name, "POST");
    assert_eq!(span_of(|client| http.layer(grpc.layer(client))).await.name, "POST");
    for span in
        [span_of(|client| grpc.layer(http.layer(client))).await, span_of(|client| grpc.layer(grpc.layer(client))).await]
    {
        assert_eq!(span.name, "shop.Catalog/Find");
        assert_eq!(attribute(&span, "error.type").as_deref(), Some("NOT_FOUND"));
    }
}

/// Sends requests by a traced client itself.
struct SendTraced(reqwest_0_13::Client);

#[async_trait]
impl Middleware for SendTraced {
    async fn handle(
        &self,
        request: reqwest_0_13::Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest_0_13::Response> {
        Ok(execute(&self.0, request).await?)
    }
}

#[tokio::test]
async fn middleware_around_a_traced_client_gives_a_request_one_span() {
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "hello")));
    let client = reqwest_0_13::Client::new();
    let client = ClientBuilder::new(client.clone()).with(ClientTelemetry::new()).with(SendTraced(client)).build();
    trace.run(async { client.get(peer.url("/")).send().await.unwrap().text().await.unwrap() }).await;
    let sent: Vec<_> = peer.received().iter().map(Received::parent_id).collect();
    assert_eq!(sent, [trace.span().span_context.span_id().to_string()]);
}

/// Sends requests from another task, as `tower::buffer` does.
#[derive(Clone)]
struct Buffered<S>(S);

impl<S> Service<Request<Full<Bytes>>> for Buffered<S>
where
    S: Service<Request<Full<Bytes>>, Response: Send, Error: std::fmt::Debug + Send, Future: Send>
        + Clone
        + Send
        + 'static,
{
    type Response = S::Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let mut service = self.0.clone();
        let task = tokio::spawn(async move { service.call(request).await.unwrap() });
        Box::pin(async { Ok(task.await.unwrap()) })
    }
}

#[tokio::test]
async fn a_layer_around_a_buffer_gives_a_call_a_span_below_the_caller() {
    for span in [
        span_of(|client| HttpLayer::new().layer(Buffered(client))).await,
        span_of(|client| GrpcLayer::new("shop.example", 1).layer(Buffered(client))).await,
    ] {
        assert_eq!(span.parent_span_id, SpanId::from(Trace::PARENT));
    }
}
