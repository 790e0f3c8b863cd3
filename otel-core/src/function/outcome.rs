//! A returned value → the status of the call's span.
//!
//! A macro sees the name of a type, never the type: `AppResult<T>` may be a `Result`, `impl Responder` may be one too.
//! Method lookup does see it. `(&&&Returned(&value)).__otel_mark(span)` takes the first of [`OutcomeMessage`],
//! [`OutcomeType`] and [`OutcomeAny`] that the value implements
//! ([autoref specialisation](https://github.com/dtolnay/case-studies/tree/master/autoref-specialization)).
//!
//! The method has a name that no other trait uses: method lookup considers all traits in scope, and a trait of the
//! application with a method of the same name, implemented for every type, would make the call ambiguous (E0034).

use std::{any::type_name, fmt::Display};

use super::FunctionSpan;
use crate::formatted::displayed;

/// A value that a function is about to return.
#[derive(Debug)]
pub struct Returned<'a, T: ?Sized>(pub &'a T);

/// A `Result` whose error can be displayed.
pub trait OutcomeMessage {
    /// Records an `Err` with its type and message.
    fn __otel_mark(&self, span: &FunctionSpan);
}

/// A `Result` whose error has no `Display`, or whose message must not be recorded.
pub trait OutcomeType {
    /// Records an `Err` with its type.
    fn __otel_mark(&self, span: &FunctionSpan);
}

/// Any other type.
pub trait OutcomeAny {
    /// Records nothing.
    fn __otel_mark(&self, span: &FunctionSpan);
}

impl<T, E: Display> OutcomeMessage for &&Returned<'_, Result<T, E>> {
    fn __otel_mark(&self, span: &FunctionSpan) {
        if let Err(error) = self.0 {
            span.failed(type_name::<E>(), displayed(error));
        }
    }
}

impl<T, E> OutcomeType for &Returned<'_, Result<T, E>> {
    fn __otel_mark(&self, span: &FunctionSpan) {
        if self.0.is_err() {
            span.failed(type_name::<E>(), String::new());
        }
    }
}

impl<T: ?Sized> OutcomeAny for Returned<'_, T> {
    fn __otel_mark(&self, _: &FunctionSpan) {}
}

/// The outcome of a function whose value says nothing about success.
pub fn ignore<T: ?Sized>(_: &FunctionSpan, _: &T) {}

/// A function type, seen as its return type.
pub trait Returns {
    /// The type behind the arrow.
    type Output;
}

impl<R> Returns for fn() -> R {
    type Output = R;
}

/// `!`, which stable Rust can write only as a return type.
pub type Never = <fn() -> ! as Returns>::Output;
