//! The future of a response: its context is current on each poll, and the response ends up in the span.

use crate::body::BodyWrapper;
use crate::telemetry::RequestTelemetry;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use otel_core::carry::attach_to_drop;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// Future of [`HttpTelemetry`](super::HttpTelemetry)'s service.
    pub struct ResponseFuture<F, W> {
        // Gone only while this is dropped.
        #[pin]
        future: Option<F>,
        // Dropped with the future, and so ended as cancelled, when the request is given up. `None`: the request has its
        // span elsewhere, or it was answered.
        telemetry: Option<RequestTelemetry>,
        wrapper: PhantomData<fn() -> W>,
    }

    impl<F, W> PinnedDrop for ResponseFuture<F, W> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(telemetry) = this.telemetry {
                // Values that the future owns may record something when they are dropped, too.
                let _current = attach_to_drop(telemetry.context());
                this.future.set(None);
            }
        }
    }
}

impl<F, W> ResponseFuture<F, W> {
    pub(super) fn new(future: F, telemetry: Option<RequestTelemetry>) -> Self {
        Self { future: Some(future), telemetry, wrapper: PhantomData }
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
    B: MessageBody,
    W: BodyWrapper<B>,
{
    type Output = Result<ServiceResponse<W::Body>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let current = this.telemetry.as_ref().map(RequestTelemetry::enter);
        let Some(future) = this.future.as_pin_mut() else { return Poll::Pending };
        let output = ready!(future.poll(cx));
        drop(current);
        Poll::Ready(match (output, this.telemetry.take()) {
            (Ok(response), Some(telemetry)) => Ok(answered::<B, W>(response, telemetry)),
            (Ok(response), None) => Ok(response.map_body(|_, body| W::pass(body))),
            (Err(error), Some(telemetry)) => Err(failed(error, telemetry)),
            (Err(error), None) => Err(error),
        })
    }
}

fn answered<B: MessageBody, W: BodyWrapper<B>>(
    mut response: ServiceResponse<B>,
    mut telemetry: RequestTelemetry,
) -> ServiceResponse<W::Body> {
    telemetry.respond(&mut response);
    response.map_body(|_, body| W::watch(body, telemetry))
}

fn failed(mut error: Error, telemetry: RequestTelemetry) -> Error {
    telemetry.fail(&mut error);
    error
}
