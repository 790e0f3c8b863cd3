//! How a call ends, and what that leaves on its span.

use opentelemetry::{
    Context, ContextGuard, KeyValue,
    trace::{Status, TraceContextExt},
};

use super::FunctionSpan;

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
    pub(super) fn attach(&mut self) -> Attached<'_> {
        let guard = self.context.clone().map(Context::attach);
        Attached { span: self, _guard: guard }
    }

    /// `Err` came back.
    pub(super) fn failed(&self, error_type: &'static str, message: String) {
        self.finish(error_type, Some(Status::error(message)));
    }

    fn finish(&self, error_type: &'static str, status: Option<Status>) {
        if let Some(context) = &self.context {
            mark(context, error_type, status);
        }
    }

    fn panicked(&mut self) {
        self.finish("panic", Some(Status::error("panicked")));
        self.end = End::Returned;
    }

    fn is_panicking(&self) -> bool {
        !self.was_panicking && std::thread::panicking()
    }
}

impl FunctionSpan {
    /// Ends the span where it stands, and lets go of it.
    #[inline]
    pub(super) fn end_now(&mut self) {
        if let Some(context) = self.context.take() {
            self.end_in(context);
        }
    }

    fn end_in(&mut self, context: Context) {
        if !std::mem::take(&mut self.is_recording) {
            return;
        }
        if self.end == End::Pending {
            // Nobody wanted the answer any more; no error of the function.
            mark(&context, "cancelled", None);
        }
        let end = self.started.after(self.started.elapsed());
        match self.slot.take() {
            Some(mut slot) => {
                slot.close();
                drop(context);
                slot.hand_over(end);
            }
            None => context.span().end_with_timestamp(end.into()),
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

impl Drop for Attached<'_> {
    fn drop(&mut self) {
        // Here, not where the span is dropped: a runtime that catches the panic of a task drops the task afterwards.
        if self.span.is_recording && self.span.is_panicking() {
            self.span.panicked();
        }
    }
}

/// For a guard that owns its span.
#[inline]
pub(super) fn mark_panic(span: &mut FunctionSpan) {
    if span.is_recording && span.is_panicking() {
        span.panicked();
    }
}
