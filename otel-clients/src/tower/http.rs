//! HTTP requests through a tower service.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use http_body::Body;
use otel_core::client::HttpClientSpan;
use otel_core::config::ClientLibrary;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::error::error_type;
use super::facts::{request_facts, response_facts};
use crate::body::ClientBody;
use crate::http_span::http_span;
use crate::url_template::UrlTemplate;

/// An extension of a request: the number of times that it was sent before, `http.request.resend_count`. Set by layers
/// that send requests again.
#[derive(Clone, Copy, Debug)]
pub struct ResendCount(pub u32);

/// A layer that gives each HTTP request a CLIENT span, and passes the trace context on in its headers.
///
/// Layers that send requests again belong outside of this one, so that each attempt has its span.
#[derive(Clone, Copy, Debug, Default)]
pub struct HttpLayer {
    _private: (),
}

impl HttpLayer {
    /// Creates the layer.
    #[must_use]
    pub const fn new() -> Self {
        Self { _private: () }
    }
}

impl<S> Layer<S> for HttpLayer {
    type Service = HttpService<S>;

    fn layer(&self, service: S) -> HttpService<S> {
        HttpService { service }
    }
}

/// The service that [`HttpLayer`] makes.
#[derive(Clone, Debug)]
pub struct HttpService<S> {
    service: S,
}

impl<S, B, R> Service<Request<B>> for HttpService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: 'static,
    B: Body,
    R: Body,
    R::Error: 'static,
{
    type Response = Response<ClientBody<R>>;
    type Error = S::Error;
    type Future = HttpFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let mut facts = request_facts(request.method().as_str(), request.uri(), request.headers());
        facts.template = request.extensions().get().map(|UrlTemplate(template)| &**template);
        facts.resend_count = request.extensions().get().map_or(0, |ResendCount(count)| *count);
        facts.body_size = request.body().size_hint().exact();
        let span = http_span(ClientLibrary::Tower, &facts);
        span.inject(request.headers_mut());
        let future = {
            let _attached = span.attach();
            self.service.call(request)
        };
        HttpFuture { future, span: Some(span) }
    }
}

pin_project! {
    /// The future of a request: its span is current in each poll.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct HttpFuture<F> {
        #[pin]
        future: F,
        // `None` once the response head came.
        span: Option<HttpClientSpan>,
    }
}

impl<F, R, E> Future for HttpFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
    R::Error: 'static,
    E: 'static,
{
    type Output = Result<Response<ClientBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let attached = this.span.as_ref().map(HttpClientSpan::attach);
        let result = ready!(this.future.poll(cx));
        drop(attached);
        let Some(mut span) = this.span.take() else { return Poll::Pending };
        Poll::Ready(match result {
            Ok(response) => {
                span.respond(&response_facts(&response));
                Ok(response.map(|body| ClientBody::new(body, span, true, error_type)))
            }
            Err(error) => {
                if span.is_open() {
                    span.fail(error_type(&error));
                }
                Err(error)
            }
        })
    }
}
