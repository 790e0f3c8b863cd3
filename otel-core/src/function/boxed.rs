//! Functions whose type is called `BoxFuture`: with a span around the future if the value is a boxed future, else around
//! the call. `(&&Built(&value)).__otel_kind()` finds out, as [`Returned`](super::Returned) does.

use std::pin::Pin;

use super::FunctionSpan;

/// A value that may be a boxed future.
#[derive(Debug)]
pub struct Built<'a, T: ?Sized>(pub &'a T);

/// A boxed future.
#[derive(Clone, Copy, Debug)]
pub struct BoxedFutureKind;

/// Something else.
#[derive(Clone, Copy, Debug)]
pub struct ValueKind;

/// First choice: boxed futures.
pub trait BuiltFuture {
    /// The kind of the value.
    fn __otel_kind(&self) -> BoxedFutureKind {
        BoxedFutureKind
    }
}

/// Second choice: anything.
pub trait BuiltValue {
    /// The kind of the value.
    fn __otel_kind(&self) -> ValueKind {
        ValueKind
    }
}

impl<F: BoxedFuture> BuiltFuture for &Built<'_, F> {}
impl<T> BuiltValue for Built<'_, T> {}

/// `Pin<Box<dyn Future>>`, which goes into a second box of the same type together with its span.
pub trait BoxedFuture: Future + Sized {
    /// The future with the span current in each poll.
    #[must_use = "futures do nothing unless polled"]
    fn driven<O>(self, span: FunctionSpan, outcome: O) -> Self
    where
        O: FnOnce(&FunctionSpan, &Self::Output) + Send + 'static;
}

impl<'a, T: 'a> BoxedFuture for Pin<Box<dyn Future<Output = T> + 'a>> {
    fn driven<O: FnOnce(&FunctionSpan, &T) + Send + 'static>(self, span: FunctionSpan, outcome: O) -> Self {
        Box::pin(span.drive(self, outcome))
    }
}

impl<'a, T: 'a> BoxedFuture for Pin<Box<dyn Future<Output = T> + Send + 'a>> {
    fn driven<O: FnOnce(&FunctionSpan, &T) + Send + 'static>(self, span: FunctionSpan, outcome: O) -> Self {
        Box::pin(span.drive(self, outcome))
    }
}

impl BoxedFutureKind {
    /// The future with its span.
    pub fn finish<F, O>(self, span: FunctionSpan, future: F, outcome: O) -> F
    where
        F: BoxedFuture,
        O: FnOnce(&FunctionSpan, &F::Output) + Send + 'static,
    {
        future.driven(span, outcome)
    }
}

impl ValueKind {
    /// The value; the span ends here. Its outcome is not recorded: it may be a future of an unknown kind.
    pub fn finish<T, O: FnOnce(&FunctionSpan, &T)>(self, span: FunctionSpan, value: T, _: O) -> T {
        drop(span);
        value
    }
}
