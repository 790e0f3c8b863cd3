//! A request while it runs.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use otel_core::client::HttpClientSpan;
use otel_core::config::ClientLibrary;
use otel_core::http::ClientRequestFacts;
use pin_project_lite::pin_project;

use super::error::error_type;
use super::reqwest::{Body, Error, Request, Response};
use super::response::traced;
use crate::headers::{Headers, HeadersToSend};
use crate::http_span::http_span;

pin_project! {
    /// The future of a request: its span is current in each poll.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub(crate) struct Call<F> {
        #[pin]
        future: F,
        // `None` once the response head came.
        span: Option<HttpClientSpan>,
    }
}

impl<F> Call<F> {
    /// Starts the span of a request, and sends the request with the trace context in its headers. `template` is the path
    /// with its variable parts as placeholders.
    pub(crate) fn new(mut request: Request, template: Option<&str>, send: impl FnOnce(Request) -> F) -> Self {
        let span = started(&mut request, template);
        let future = {
            let _attached = span.attach();
            send(request)
        };
        Self { future, span: Some(span) }
    }
}

impl<F: Future<Output = Result<Response, Error>>> Future for Call<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let result = {
            let _attached = this.span.as_ref().map(HttpClientSpan::attach);
            ready!(this.future.poll(cx))
        };
        let Some(span) = this.span.take() else { return Poll::Ready(result) };
        Poll::Ready(match result {
            Ok(response) => Ok(traced(response, span)),
            Err(error) => {
                if span.is_open() {
                    span.fail(error_type(&error));
                }
                Err(error)
            }
        })
    }
}

/// Starts the span of a request, and injects its context.
fn started(request: &mut Request, template: Option<&str>) -> HttpClientSpan {
    let (url, headers) = (request.url(), Headers(request.headers()));
    // The URL has no credentials: `reqwest` has moved them to a header.
    let mut facts = ClientRequestFacts::new(request.method().as_str(), url.scheme(), url.authority(), url.path());
    facts.query = url.query();
    facts.template = template;
    facts.body_size = request.body().and_then(Body::as_bytes).map(|bytes| bytes.len() as u64);
    facts.headers = &headers;
    let span = http_span(ClientLibrary::Reqwest, &facts);
    span.inject(&mut HeadersToSend(request.headers_mut()));
    span
}
