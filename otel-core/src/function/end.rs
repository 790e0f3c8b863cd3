//! How a call ends, and what that leaves on its span.

use opentelemetry::{
    Context, ContextGuard, KeyValue,
    trace::{Status, TraceContextExt},
};

use super::{FunctionSpan, span::Live};
use crate::carry::attach_to_drop;

/// What is to be said about the call when its span is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It came back; [`Outcome`](super::Returned) has said the rest.
    Returned,
    /// It is a future that has not come back yet.
    Pending,
}

impl FunctionSpan {
    /// Makes the context current, and notices a panic.
    #[inline]
    pub(super) fn attach(&mut self) -> Attached<'_> {
        let guard = self.live.as_ref().map(|live| live.context.clone().attach());
        Attached { span: self, _guard: guard }
    }

    /// The same for dropping what belongs to the call. A panic that is under way already is none of its own.
    pub(super) fn attach_to_drop(&mut self) -> Attached<'_> {
        if let Some(live) = &mut self.live {
            live.was_panicking |= std::thread::panicking();
        }
        let guard = self.live.as_ref().and_then(|live| attach_to_drop(&live.context));
        Attached { span: self, _guard: guard }
    }

    /// `Err` came back.
    pub(super) fn failed(&self, error_type: &'static str, message: String) {
        if let Some(live) = &self.live {
            mark(&live.context, error_type, Some(Status::error(message)));
        }
    }

    /// To be asked while the thread may be unwinding out of the function.
    #[inline]
    pub(super) fn notice_panic(&mut self) {
        if let Some(live) = &mut self.live
            && live.is_recording
            && !live.was_panicking
            && std::thread::panicking()
        {
            live.panicked();
        }
    }

    /// Ends the span where it stands, and lets go of it.
    #[inline]
    pub(super) fn end_now(&mut self) {
        if let Some(live) = self.live.take() {
            live.end();
        }
    }
}

impl Live {
    #[cold]
    fn panicked(&mut self) {
        mark(&self.context, "panic", Some(Status::error("panicked")));
        self.end = End::Returned;
    }

    fn end(self) {
        if !self.is_recording {
            return;
        }
        if self.end == End::Pending {
            // Nobody wanted the answer any more; no error of the function.
            mark(&self.context, "cancelled", None);
        }
        let end = self.started.after(self.started.elapsed());
        match self.recorded {
            Some(mut span) => {
                span.close();
                drop(self.context);
                span.finish(end);
            }
            None => self.context.span().end_with_timestamp(end.into()),
        }
    }
}

/// Leaves on the span how the call ended.
fn mark(context: &Context, error_type: &'static str, status: Option<Status>) {
    let span = context.span();
    span.set_attribute(KeyValue::new("error.type", error_type));
    if let Some(status) = status {
        span.set_status(status);
    }
}

impl Drop for FunctionSpan {
    #[inline]
    fn drop(&mut self) {
        self.end_now();
    }
}

/// The span is current while this lives.
#[derive(Debug)]
pub(super) struct Attached<'a> {
    span: &'a mut FunctionSpan,
    _guard: Option<ContextGuard>,
}

impl Attached<'_> {
    #[inline]
    pub(super) fn span(&self) -> &FunctionSpan {
        self.span
    }
}

impl Drop for Attached<'_> {
    #[inline]
    fn drop(&mut self) {
        // Here, not where the span is dropped: a runtime that catches the panic of a task drops the task afterwards.
        self.span.notice_panic();
    }
}
