//! The end of a response is the end of its body.

use std::{
    pin::Pin,
    task::{Context as TaskContext, Poll, ready},
    thread,
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};
use opentelemetry::{
    Context, KeyValue,
    trace::{Status, TraceContextExt as _},
};
use pin_project_lite::pin_project;

use super::conventions::Conventions;

/// Ends the span of a request when it is dropped, wherever that happens.
#[derive(Debug)]
pub(super) struct Recorded {
    cx: Context,
    conventions: Conventions,
    answered: bool,
}

impl Recorded {
    pub(super) fn new(cx: Context, conventions: Conventions) -> Self {
        Self { cx, conventions, answered: false }
    }

    /// Records that there is a response, and returns the context of its span.
    pub(super) fn answered(&mut self) -> &Context {
        self.answered = true;
        &self.cx
    }

    fn failed(&self, error_type: &'static str) {
        if self.conventions.stable {
            self.cx.span().set_attribute(KeyValue::new("error.type", error_type));
        }
        self.cx.span().set_status(Status::error(""));
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        if thread::panicking() {
            self.failed("panic");
        } else if !self.answered {
            self.failed("cancelled");
        }
        self.cx.span().end();
    }
}

pin_project! {
    /// The body of a response, and the span that ends with it.
    pub(super) struct RecordedBody<B> {
        #[pin]
        body: B,
        recorded: Option<Recorded>,
    }
}

impl<B> RecordedBody<B> {
    pub(super) fn new(body: B, recorded: Recorded) -> Self {
        Self { body, recorded: Some(recorded) }
    }
}

impl<B: MessageBody> MessageBody for RecordedBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        // The body runs within the context of the request.
        let _current = this.recorded.as_ref().map(|recorded| recorded.cx.clone().attach());
        let piece = ready!(this.body.poll_next(task));
        match &piece {
            Some(Ok(_)) => {}
            Some(Err(_)) => {
                if let Some(recorded) = this.recorded.take() {
                    recorded.failed("response_body_error");
                }
            }
            None => drop(this.recorded.take()),
        }
        Poll::Ready(piece)
    }
}
