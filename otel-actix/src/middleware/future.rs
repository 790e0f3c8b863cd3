//! The future of [`HttpTelemetryService`](super::HttpTelemetryService): records the response and attaches the span to its
//! body.

use crate::body::BodyWrapper;
use crate::route::Resources;
use crate::traced_future::TracedFuture;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The future of [`HttpTelemetryService`](super::HttpTelemetryService).
    pub struct ResponseFuture<F, W> {
        #[pin]
        future: TracedFuture<F>,
        resources: Rc<Resources>,
        wrapper: PhantomData<fn() -> W>,
    }
}

impl<F, W> ResponseFuture<F, W> {
    pub(super) fn new(future: TracedFuture<F>, resources: &Rc<Resources>) -> Self {
        Self { future, resources: Rc::clone(resources), wrapper: PhantomData }
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
        let mut this = self.project();
        let mut output = ready!(this.future.as_mut().poll_output(cx));
        let Some(mut telemetry) = this.future.take() else {
            return Poll::Ready(output.map(|response| response.map_body(|_, body| W::pass(body))));
        };
        // The response stays in its place, because moving it costs more than recording it.
        match &mut output {
            Ok(response) => telemetry.respond(response, Some(this.resources)),
            Err(error) => {
                telemetry.fail(error, Some(Rc::clone(this.resources)));
                return Poll::Ready(output.map(|response| response.map_body(|_, body| W::pass(body))));
            }
        }
        Poll::Ready(output.map(|response| response.map_body(|_, body| W::trace(body, telemetry.into_span()))))
    }
}
