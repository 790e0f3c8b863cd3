//! A future that runs with the span of its call.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use opentelemetry::Context;
use pin_project_lite::pin_project;

use super::nested::Attached;

pin_project! {
    /// A future; the span of its call is current in each poll.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct RunningCall<'a, F> {
        #[pin]
        future: F,
        // `None` if there is no span.
        context: Option<&'a Context>,
        attach: fn(&Context) -> Attached,
    }
}

impl<'a, F> RunningCall<'a, F> {
    /// Runs the future of a request, which another library may send on.
    pub(super) fn request(future: F, context: Option<&'a Context>) -> Self {
        Self { future, context, attach: Attached::request }
    }

    /// Runs the future of a query.
    pub(super) fn query(future: F, context: Option<&'a Context>) -> Self {
        Self { future, context, attach: Attached::query }
    }
}

impl<F: Future> Future for RunningCall<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let _attached = this.context.map(*this.attach);
        this.future.poll(cx)
    }
}
