//! What a returned value says about the call.
//!
//! A macro sees the name of a type, never the type: `AppResult<T>` may be a `Result`, `impl Responder` may be one too.
//! Method lookup does see it. `(&&&Returned(&value)).mark(span)` takes the first of [`OutcomeMessage`], [`OutcomeType`] and
//! [`OutcomeAny`] that is implemented for the value
//! ([autoref specialisation](https://github.com/dtolnay/case-studies/tree/master/autoref-specialization)).

use std::{any::type_name, fmt::Display};

use super::FunctionSpan;

/// A value that a function is about to return.
#[derive(Debug)]
pub struct Returned<'a, T: ?Sized>(pub &'a T);

/// A `Result` whose error can be displayed.
pub trait OutcomeMessage {
    /// Records an `Err` with its type and message.
    fn mark(&self, span: &FunctionSpan);
}

/// Any other `Result`, or one whose message is not wanted.
pub trait OutcomeType {
    /// Records an `Err` with its type.
    fn mark(&self, span: &FunctionSpan);
}

/// Any other type.
pub trait OutcomeAny {
    /// Records nothing.
    fn mark(&self, span: &FunctionSpan);
}

impl<T, E: Display> OutcomeMessage for &&Returned<'_, Result<T, E>> {
    fn mark(&self, span: &FunctionSpan) {
        if let Err(error) = self.0 {
            span.failed(type_name::<E>(), error.to_string());
        }
    }
}

impl<T, E> OutcomeType for &Returned<'_, Result<T, E>> {
    fn mark(&self, span: &FunctionSpan) {
        if self.0.is_err() {
            span.failed(type_name::<E>(), String::new());
        }
    }
}

impl<T: ?Sized> OutcomeAny for Returned<'_, T> {
    fn mark(&self, _: &FunctionSpan) {}
}

/// The outcome of a function whose value says nothing.
pub fn ignore<T: ?Sized>(_: &FunctionSpan, _: &T) {}

/// What `F` returns.
pub trait Returns {
    /// The type behind the arrow.
    type Output;
}

impl<R> Returns for fn() -> R {
    type Output = R;
}

/// `!`, which stable Rust can write only as a return type.
pub type Never = <fn() -> ! as Returns>::Output;
