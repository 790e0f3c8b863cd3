//! The span of an asynchronous function.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{FunctionSpan, span::CallState};

pin_project! {
    /// A future with a span: current in each poll, ended with the future.
    ///
    /// One layer around the function's own future, whatever is recorded: stacked wrappers make deep types, and deep types
    /// overflow the compiler's recursion limit.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct InSpan<F, O> {
        // `None` only while this is dropped.
        #[pin]
        future: Option<F>,
        outcome: Option<O>,
        span: FunctionSpan,
    }

    impl<F, O> PinnedDrop for InSpan<F, O> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.span.live.is_some() {
                // Values that the future owns may record something when they are dropped, too.
                let _attached = this.span.attach_to_drop();
                this.future.set(None);
            }
        }
    }
}

impl<F, O> InSpan<F, O> {
    pub(super) fn new(mut span: FunctionSpan, future: F, outcome: O) -> Self {
        if let Some(live) = &mut span.live {
            live.end = CallState::Pending;
        }
        Self { future: Some(future), outcome: Some(outcome), span }
    }
}

impl FunctionSpan {
    /// The future with the span current in each poll. The span ends with the future.
    pub fn drive<T, F: Future<Output = T>, O: FnOnce(&Self, &T)>(self, future: F, outcome: O) -> InSpan<F, O> {
        InSpan::new(self, future, outcome)
    }

    /// Runs `body` with the span current, and then [drives](Self::drive) the future that it returned.
    pub fn drive_returned<F, O>(self, body: impl FnOnce() -> F, outcome: O) -> InSpan<F, O>
    where
        F: Future,
        O: FnOnce(&Self, &F::Output),
    {
        let (span, future) = self.build(body);
        span.drive(future, outcome)
    }
}

impl<F: Future, O: FnOnce(&FunctionSpan, &F::Output)> Future for InSpan<F, O> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let attached = this.span.attach();
        let Some(future) = this.future.as_pin_mut() else { return Poll::Pending };
        let polled = future.poll(cx);
        let Poll::Ready(output) = &polled else { return polled };
        // Still attached: the outcome runs code of the application (`Display`), which may panic or record something.
        if let (true, Some(outcome)) = (attached.span().is_recording(), this.outcome.take()) {
            outcome(attached.span(), output);
        }
        drop(attached);
        if let Some(live) = &mut this.span.live {
            live.end = CallState::Returned;
        }
        this.span.end_now();
        polled
    }
}
