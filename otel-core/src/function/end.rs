//! The end of a call, and its marks on the span.

use opentelemetry::{
    Context, ContextGuard, KeyValue,
    trace::{Status, TraceContextExt},
};

use super::{
    FunctionSpan,
    span::{CallState, Live},
};
use crate::carry::attach_to_drop;

impl FunctionSpan {
    /// Makes the context current, and detects a panic.
    #[inline]
    pub(super) fn attach(&mut self) -> AttachedSpan<'_> {
        let guard = self.live.as_ref().map(|live| live.context.clone().attach());
        AttachedSpan { span: self, _guard: guard }
    }

    /// Runs `body` with the span current. Returns the span, which stays open, with the result.
    pub fn build<R>(mut self, body: impl FnOnce() -> R) -> (Self, R) {
        let attached = self.attach();
        let built = body();
        drop(attached);
        (self, built)
    }

    /// As [`attach`](Self::attach), while values of the call are dropped. A panic that started before is not the call's
    /// own.
    pub(super) fn attach_to_drop(&mut self) -> AttachedSpan<'_> {
        if let Some(live) = &mut self.live {
            live.was_panicking |= std::thread::panicking();
        }
        let guard = self.live.as_ref().and_then(|live| attach_to_drop(&live.context));
        AttachedSpan { span: self, _guard: guard }
    }

    /// Records that the call returned an `Err`.
    pub(super) fn failed(&self, error_type: &'static str, message: String) {
        if let Some(live) = &self.live {
            mark(&live.context, error_type, Some(Status::error(message)));
        }
    }

    /// Marks the span if the thread is unwinding out of the function.
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

    /// Ends the span now, and releases it.
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
        self.end = CallState::Returned;
    }

    fn end(self) {
        if !self.is_recording {
            return;
        }
        if self.end == CallState::Pending {
            // The caller dropped the future, which is no error of the function.
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

/// Sets `error.type`, and the status if there is one.
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

/// While it lives, the span is current.
#[derive(Debug)]
pub(super) struct AttachedSpan<'a> {
    span: &'a mut FunctionSpan,
    _guard: Option<ContextGuard>,
}

impl AttachedSpan<'_> {
    #[inline]
    pub(super) fn span(&self) -> &FunctionSpan {
        self.span
    }
}

impl Drop for AttachedSpan<'_> {
    #[inline]
    fn drop(&mut self) {
        // Here, not where the span is dropped: a runtime that catches the panic of a task drops the task afterwards.
        self.span.notice_panic();
    }
}
