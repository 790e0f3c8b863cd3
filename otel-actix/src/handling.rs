//! A future that handles a request, in the request's telemetry.

use crate::telemetry::RequestTelemetry;
use otel_core::carry::attach_to_drop;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The request's context is current on each poll, and while what the future owns is dropped: the values in there may
    /// record something, too. When it is ready, it gives the telemetry back.
    pub(crate) struct Handling<F> {
        // Gone only while this is dropped.
        #[pin]
        future: Option<F>,
        // Dropped with the future, and so ended as cancelled, when the request is given up. `None`: the request has its
        // span elsewhere, or it was answered.
        telemetry: Option<RequestTelemetry>,
    }

    impl<F> PinnedDrop for Handling<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(telemetry) = this.telemetry {
                let _current = attach_to_drop(telemetry.context());
                this.future.set(None);
            }
        }
    }
}

impl<F> Handling<F> {
    /// What is done to get the future belongs to the request as well: middlewares start spans when they are called.
    #[inline]
    pub(crate) fn start(telemetry: Option<RequestTelemetry>, call: impl FnOnce() -> F) -> Self {
        let current = telemetry.as_ref().map(RequestTelemetry::enter);
        let future = Some(call());
        drop(current);
        Self { future, telemetry }
    }
}

impl<F: Future> Handling<F> {
    /// The future's output. The telemetry is [taken](Self::take) then: to hand over both at once would be one more copy of
    /// a response.
    #[inline]
    pub(crate) fn poll_output(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(future) = this.future.as_pin_mut() else { return Poll::Pending };
        let _current = this.telemetry.as_ref().map(RequestTelemetry::enter);
        future.poll(cx)
    }

    /// The telemetry, once the future is ready.
    #[inline]
    pub(crate) fn take(self: Pin<&mut Self>) -> Option<RequestTelemetry> {
        self.project().telemetry.take()
    }
}

impl<F: Future> Future for Handling<F> {
    type Output = (F::Output, Option<RequestTelemetry>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let output = ready!(self.as_mut().poll_output(cx));
        Poll::Ready((output, self.take()))
    }
}
