//! The span of an asynchronous function.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{FunctionSpan, end::End};

pin_project! {
    /// A future with a span: current in each poll, ended with the future.
    ///
    /// One layer around the function's own future, whatever is recorded: stacked wrappers make deep types, and deep types
    /// overflow the compiler's recursion limit.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct InSpan<F, O> {
        #[pin]
        future: F,
        outcome: Option<O>,
        // Declared last: the future is dropped before its span ends.
        span: FunctionSpan,
    }
}

impl<F, O> InSpan<F, O> {
    pub(super) fn new(mut span: FunctionSpan, future: F, outcome: O) -> Self {
        if let Some(live) = &mut span.live {
            live.end = End::Pending;
        }
        Self { future, outcome: Some(outcome), span }
    }
}

impl<F: Future, O: FnOnce(&FunctionSpan, &F::Output)> Future for InSpan<F, O> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let attached = this.span.attach();
        let polled = this.future.poll(cx);
        let Poll::Ready(output) = &polled else { return polled };
        // Of the application is also what looks at the output: it may panic, or leave telemetry.
        if let (true, Some(outcome)) = (attached.span().is_recording(), this.outcome.take()) {
            outcome(attached.span(), output);
        }
        drop(attached);
        if let Some(live) = &mut this.span.live {
            live.end = End::Returned;
        }
        this.span.end_now();
        polled
    }
}
