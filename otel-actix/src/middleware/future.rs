//! The future of a response: its context is current on each poll, and the response ends up in the span.

use crate::body::BodyWrapper;
use crate::telemetry::RequestTelemetry;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

pin_project! {
    /// Future of [`HttpTelemetry`](super::HttpTelemetry)'s service.
    ///
    /// The service inside is called by the first poll, so that the context is made current once, not twice: for what
    /// middlewares do when they are called, and for what they do when they are polled. Nothing happens in between.
    pub struct ResponseFuture<S, W>
    where
        S: Service<ServiceRequest>,
    {
        #[pin]
        state: State<S>,
        // Dropped with the future, and so ended as cancelled, when the request is given up. `None`: the request has its
        // span elsewhere.
        telemetry: Option<RequestTelemetry>,
        wrapper: PhantomData<fn() -> W>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S>
    where
        S: Service<ServiceRequest>,
    {
        Called { service: Rc<S>, request: Option<ServiceRequest> },
        Running { #[pin] future: S::Future },
    }
}

impl<S: Service<ServiceRequest>, W> ResponseFuture<S, W> {
    #[inline]
    pub(super) fn new(service: Rc<S>, request: ServiceRequest, telemetry: Option<RequestTelemetry>) -> Self {
        Self { state: State::Called { service, request: Some(request) }, telemetry, wrapper: PhantomData }
    }
}

impl<S: Service<ServiceRequest>, W> fmt::Debug for ResponseFuture<S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

impl<S: Service<ServiceRequest>> State<S> {
    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<S::Response, S::Error>> {
        if let StateProjection::Called { service, request } = self.as_mut().project()
            && let Some(request) = request.take()
        {
            let future = service.call(request);
            self.set(Self::Running { future });
        }
        match self.project() {
            StateProjection::Running { future } => future.poll(cx),
            // The service panicked when it was called, and whoever caught that polls again.
            StateProjection::Called { .. } => Poll::Pending,
        }
    }
}

impl<S, B, W> Future for ResponseFuture<S, W>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
    W: BodyWrapper<B>,
{
    type Output = Result<ServiceResponse<W::Body>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let current = this.telemetry.as_ref().map(RequestTelemetry::enter);
        let output = ready!(this.state.poll(cx));
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
