//! The future that handles a request, polled and dropped within the request's context.

use crate::telemetry::RequestTelemetry;
use otel_core::carry::attach_to_drop;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// Makes the request's context current during each poll, and while the future is dropped: values that it owns may
    /// record telemetry in their destructors. Returns the telemetry together with the output.
    pub(crate) struct TracedFuture<F> {
        // `None` only while this struct is dropped.
        #[pin]
        future: Option<F>,
        // Dropped with the future when the request is abandoned; its span then ends as cancelled. `None` if another
        // layer owns the request's span, or once the request was answered.
        telemetry: Option<RequestTelemetry>,
    }

    impl<F> PinnedDrop for TracedFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(telemetry) = this.telemetry {
                let _current = attach_to_drop(telemetry.context());
                this.future.set(None);
            }
        }
    }
}

impl<F> TracedFuture<F> {
    /// Calls `call` within the request's context: middlewares may start spans when they are called, before their
    /// future is polled.
    #[inline]
    pub(crate) fn start(telemetry: Option<RequestTelemetry>, call: impl FnOnce() -> F) -> Self {
        let current = telemetry.as_ref().map(RequestTelemetry::enter);
        let future = Some(call());
        drop(current);
        Self { future, telemetry }
    }
}

impl<F: Future> TracedFuture<F> {
    /// Polls the future. The caller then [takes](Self::take) the telemetry: returning both at once would copy the
    /// response once more.
    #[inline]
    pub(crate) fn poll_output(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(future) = this.future.as_pin_mut() else { return Poll::Pending };
        let _current = this.telemetry.as_ref().map(RequestTelemetry::enter);
        future.poll(cx)
    }

    /// Returns the request's telemetry, once the future is ready.
    #[inline]
    pub(crate) fn take(self: Pin<&mut Self>) -> Option<RequestTelemetry> {
        self.project().telemetry.take()
    }
}

impl<F: Future> Future for TracedFuture<F> {
    type Output = (F::Output, Option<RequestTelemetry>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let output = ready!(self.as_mut().poll_output(cx));
        Poll::Ready((output, self.take()))
    }
}
