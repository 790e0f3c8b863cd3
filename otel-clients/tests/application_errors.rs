//! Errors of the application that cannot be shown: a call returns them as it does without telemetry.
//!
//! A test program of its own: the first calls are made before there is a tracer provider.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::error::Error;
use std::fmt;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use awc::body::{BodySize, MessageBody};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use otel_clients::reqwest_0_13::{TracedClient, blocking};
use otel_clients::tower::{BoxError, GrpcLayer, HttpLayer};
use otel_clients::{awc as traced_awc, reqwest_middleware as traced_middleware};
use reqwest_0_13::dns::{Name, Resolve, Resolving};
use support::{Peer, Trace, attribute, response};
use tower_layer::Layer as _;
use tower_service::Service;

/// An error whose text or source is of no use.
#[derive(Clone, Copy, Debug)]
enum Broken {
    ReturnsError,
    Panics,
    /// Its own source.
    Circular,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReturnsError => Err(fmt::Error),
            Self::Panics => panic!("on purpose"),
            Self::Circular => f.write_str("circular"),
        }
    }
}

impl Error for Broken {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        matches!(self, Self::Circular).then_some(self)
    }
}

/// A service, or a body, that fails.
#[derive(Clone, Copy, Debug)]
struct Fails {
    error: Broken,
    is_body: bool,
}

impl Service<Request<Full<Bytes>>> for Fails {
    type Response = Response<BoxBody<Bytes, BoxError>>;
    type Error = BoxError;
    type Future = Ready<Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Full<Bytes>>) -> Self::Future {
        let error = self.error;
        ready(if self.is_body {
            let body = Full::default().map_err(|never| match never {}).with_trailers(ready(Some(Err(error.into()))));
            Ok(Response::new(BoxBody::new(body)))
        } else {
            Err(error.into())
        })
    }
}

/// The body of a request by `awc`.
impl MessageBody for Fails {
    type Error = Broken;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        Poll::Ready(Some(Err(self.error)))
    }
}

/// A resolver that fails.
impl Resolve for Fails {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(ready(Err(self.error.into())))
    }
}

/// Sends a request by each client. All of them fail.
async fn fail(error: Broken) {
    let request = || Request::get("http://shop.example/").body(Full::default()).unwrap();
    for is_body in [false, true] {
        let service = Fails { error, is_body };
        let http = async {
            let response = HttpLayer::new().layer(service).call(request()).await?;
            response.into_body().collect().await
        };
        is(http.await.unwrap_err(), error);
        let grpc = async {
            let response = GrpcLayer::new("shop.example", 1).layer(service).call(request()).await?;
            response.into_body().collect().await
        };
        is(grpc.await.unwrap_err(), error);
    }

    let fails = Fails { error, is_body: true };
    let peer = Peer::start(|_| response("200 OK", "", "hello"));
    let client = awc::Client::builder().wrap(traced_awc::ClientTelemetry::new()).finish();
    let sent = client.post(peer.url("/")).send_body(fails).await;
    assert!(matches!(sent, Err(awc::error::SendRequestError::Body(_))));

    // `reqwest` itself follows the sources of an error to the end.
    if !matches!(error, Broken::Circular) {
        let client = reqwest_0_13::Client::builder().dns_resolver(fails).build().unwrap();
        let sent = TracedClient::new(client.clone()).get("http://shop.example/").send().await;
        assert!(sent.unwrap_err().is_connect());

        let layer = traced_middleware::ClientTelemetry::new();
        let client = reqwest_middleware::ClientBuilder::new(client).with(layer).build();
        assert!(client.get("http://shop.example/").send().await.unwrap_err().is_connect());
    }
}

/// The same for clients that block their thread.
fn fail_blocking(error: Broken) {
    use blocking::SendTraced as _;
    if !matches!(error, Broken::Circular) {
        let fails = Arc::new(Fails { error, is_body: false });
        let client = reqwest_0_13::blocking::Client::builder().dns_resolver(fails).build().unwrap();
        assert!(client.get("http://shop.example/").send_traced().unwrap_err().is_connect());
    }
}

fn is(returned: BoxError, expected: Broken) {
    let returned = *returned.downcast::<Broken>().unwrap();
    assert_eq!(format!("{returned:?}"), format!("{expected:?}"));
}

fn fail_all(error: Broken) {
    actix_rt::System::new().block_on(fail(error));
    fail_blocking(error);
}

#[test]
fn an_error_is_returned_as_it_is() {
    for error in [Broken::ReturnsError, Broken::Panics, Broken::Circular] {
        fail_all(error);
    }
    for error in [Broken::ReturnsError, Broken::Panics, Broken::Circular] {
        let trace = Trace::new();
        let _attached = trace.context().attach();
        otel_core::suppress(|| fail_all(error));
        fail_all(error);
        let has_reqwest = !matches!(error, Broken::Circular);
        let expected = if has_reqwest { 8 } else { 5 };
        for span in trace.spans(expected) {
            assert!(attribute(&span, "error.type").is_some(), "{span:?}");
        }
    }
}
