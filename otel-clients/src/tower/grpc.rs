//! gRPC calls through a `tonic` channel.
//!
//! Source: [gRPC](https://opentelemetry.io/docs/specs/semconv/rpc/grpc/).

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{HeaderMap, Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use otel_core::client::{self, RpcFacts, RpcSpan};
use otel_core::config::ClientLibrary;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::error::{BoxError, error_type, error_type_in_chain};
use super::grpc_code::{code_name, code_of_client, code_of_http};

/// A layer that gives each gRPC call a CLIENT span, and passes the trace context on in its metadata.
///
/// ```ignore
/// let channel = tonic::transport::Channel::from_static("http://localhost:50051").connect_lazy();
/// let channel = GrpcLayer::new("localhost", 50051).layer(channel);
/// let client = GreeterClient::new(channel);
/// ```
#[derive(Clone, Debug, Default)]
pub struct GrpcLayer {
    server: Option<(String, u16)>,
}

impl GrpcLayer {
    /// Creates a layer for a channel to this server. `tonic` adds the server to a request only inside of the channel,
    /// so it has to be named here.
    #[must_use]
    pub fn new(server_address: impl Into<String>, server_port: u16) -> Self {
        Self { server: Some((server_address.into(), server_port)) }
    }
}

impl<S> Layer<S> for GrpcLayer {
    type Service = GrpcService<S>;

    fn layer(&self, service: S) -> GrpcService<S> {
        GrpcService { service, server: self.server.clone() }
    }
}

/// The service that [`GrpcLayer`] makes.
#[derive(Clone, Debug)]
pub struct GrpcService<S> {
    service: S,
    server: Option<(String, u16)>,
}

impl<S, B, R> Service<Request<B>> for GrpcService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<BoxError>,
    R: Body,
{
    type Response = Response<GrpcBody<R>>;
    // `tonic` makes the same of the errors of a channel; only this type shows the reasons of any error.
    type Error = BoxError;
    type Future = GrpcFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.service.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let path = request.uri().path();
        let mut facts = RpcFacts::new("grpc", path.strip_prefix('/').unwrap_or(path));
        facts.headers = request.headers();
        if let Some((address, port)) = &self.server {
            (facts.server_address, facts.server_port) = (Some(address.as_str()), Some(*port));
        }
        let span = ClientLibrary::Tower.is_enabled().then(|| RpcSpan::start(client::scope(), &facts));
        if let Some(span) = &span {
            span.inject(request.headers_mut());
        }
        let future = {
            let _attached = span.as_ref().map(RpcSpan::attach);
            self.service.call(request)
        };
        GrpcFuture { future, span }
    }
}

pin_project! {
    /// The future of a call: its span is current in each poll.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct GrpcFuture<F> {
        #[pin]
        future: F,
        // `None` once the response head came.
        span: Option<RpcSpan>,
    }
}

impl<F, R, E> Future for GrpcFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
    E: Into<BoxError>,
{
    type Output = Result<Response<GrpcBody<R>>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let attached = this.span.as_ref().map(RpcSpan::attach);
        let result = ready!(this.future.poll(cx));
        drop(attached);
        let mut span = this.span.take();
        Poll::Ready(match result {
            Ok(response) => {
                // A response without messages has its status in the head.
                end_with_status(&mut span, response.headers());
                // The rest of an answer without one is a proxy's page, or nothing.
                if response.status() != StatusCode::OK || response.body().is_end_stream() {
                    end_without_status(&mut span, response.status());
                }
                Ok(response.map(|body| GrpcBody { body, span }))
            }
            Err(error) => {
                let error = error.into();
                if let Some(mut span) = span.filter(RpcSpan::is_open) {
                    let error_type = error_type_in_chain(&*error);
                    if let Some(code) = code_of_client(&*error, error_type) {
                        span.set_status_code(code);
                    }
                    span.fail(error_type.unwrap_or("_OTHER"));
                }
                Err(error)
            }
        })
    }
}

pin_project! {
    /// A response body that ends the span of its call with the status in its trailers.
    #[derive(Debug)]
    pub struct GrpcBody<B> {
        #[pin]
        body: B,
        // `None` once the call ended.
        span: Option<RpcSpan>,
    }
}

impl<B> Body for GrpcBody<B>
where
    B: Body,
    B::Error: 'static,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let frame = ready!(this.body.poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    end_with_status(this.span, trailers);
                    end_without_status(this.span, StatusCode::OK);
                }
            }
            Some(Err(error)) => {
                if let Some(span) = this.span.take().filter(RpcSpan::is_open) {
                    span.fail(error_type(error));
                }
            }
            None => end_without_status(this.span, StatusCode::OK),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Ends the span if the headers, or trailers, hold the status of the call. For a client every status but `OK` is an error.
fn end_with_status(span: &mut Option<RpcSpan>, headers: &HeaderMap) {
    let Some(status) = headers.get("grpc-status") else { return };
    end(span, code_name(status.as_bytes()));
}

/// Ends a span that is still open with the code for an HTTP status.
fn end_without_status(span: &mut Option<RpcSpan>, status: StatusCode) {
    end(span, code_of_http(status));
}

fn end(span: &mut Option<RpcSpan>, code: &'static str) {
    let Some(mut span) = span.take() else { return };
    span.set_status_code(code);
    if code == "OK" { span.end() } else { span.fail(code) }
}
