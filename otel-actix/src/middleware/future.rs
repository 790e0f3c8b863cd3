//! The future of a response: its context is current on each poll, and the response ends up in the span.

use crate::body::BodyWrapper;
use crate::request_span;
use actix_web::Error;
use actix_web::dev::ServiceResponse;
use otel_core::http::ServerSpan;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// Future of [`HttpTelemetry`](super::HttpTelemetry)'s service.
    pub struct ResponseFuture<F, W> {
        #[pin]
        future: F,
        // Dropped with the future, and so ended as cancelled, when the request is given up. `None`: the request has its
        // span elsewhere.
        watched: Option<Watched>,
        wrapper: PhantomData<fn() -> W>,
    }
}

/// The span of a request that is being handled.
pub(super) struct Watched {
    pub(super) span: ServerSpan,
    pub(super) head_only: bool,
}

impl<F, W> ResponseFuture<F, W> {
    pub(super) fn new(future: F, watched: Option<Watched>) -> Self {
        Self { future, watched, wrapper: PhantomData }
    }
}

impl<F, W> fmt::Debug for ResponseFuture<F, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

impl<F, B, W> Future for ResponseFuture<F, W>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    W: BodyWrapper<B>,
{
    type Output = Result<ServiceResponse<W::Body>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let current = this.watched.as_ref().map(|watched| watched.span.context().clone().attach());
        let output = ready!(this.future.poll(cx));
        drop(current);
        Poll::Ready(match (output, this.watched.take()) {
            (Ok(response), Some(watched)) => Ok(answered::<B, W>(response, watched)),
            (Ok(response), None) => Ok(response.map_body(|_, body| W::pass(body))),
            (Err(error), Some(watched)) => Err(failed(error, watched)),
            (Err(error), None) => Err(error),
        })
    }
}

fn answered<B, W: BodyWrapper<B>>(response: ServiceResponse<B>, watched: Watched) -> ServiceResponse<W::Body> {
    let Watched { mut span, head_only } = watched;
    span.respond(request_span::response_facts(&response));
    response.map_body(|_, body| W::watch(body, span, head_only))
}

fn failed(error: Error, watched: Watched) -> Error {
    let Watched { mut span, .. } = watched;
    span.respond(request_span::error_facts(&error));
    span.end();
    error
}
