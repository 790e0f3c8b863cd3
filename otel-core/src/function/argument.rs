//! `args(..)` and `ret`: values of any type, recorded as well as the type allows.
//!
//! `(&&&Argument(&value)).__otel_value()` takes the first trait that the type implements: a [`Field`] keeps its type, then
//! comes `Display`, then `Debug`. The mechanism, and the reason for the method's name, are those of
//! [`Returned`](super::Returned).

use std::fmt::{Debug, Display};

use opentelemetry::Value;

use super::Field;
use crate::formatted::{debugged, displayed};

/// A parameter, or the value that a function returned.
#[derive(Debug)]
pub struct Argument<'a, T: ?Sized>(pub &'a T);

/// Types with an attribute type of their own.
pub trait ArgumentField {
    /// The value in its own type; `None` if there is nothing to record.
    fn __otel_value(&self) -> Option<Value>;
}

/// Types with `Display`.
pub trait ArgumentDisplay {
    /// The value, as `{}` shows it.
    fn __otel_value(&self) -> Option<Value>;
}

/// Types with `Debug`, and an understandable error for all others.
pub trait ArgumentDebug {
    /// The type of the value.
    type Inner: ?Sized;

    /// The value, as `{:?}` shows it.
    fn __otel_value(&self) -> Option<Value>
    where
        Self::Inner: Debug;
}

impl<T: Field + ?Sized> ArgumentField for &&Argument<'_, T> {
    fn __otel_value(&self) -> Option<Value> {
        self.0.to_value()
    }
}

impl<T: Display + ?Sized> ArgumentDisplay for &Argument<'_, T> {
    fn __otel_value(&self) -> Option<Value> {
        Some(displayed(self.0).into())
    }
}

impl<T: ?Sized> ArgumentDebug for Argument<'_, T> {
    type Inner = T;

    fn __otel_value(&self) -> Option<Value>
    where
        T: Debug,
    {
        Some(debugged(self.0).into())
    }
}

/// A returned value of which only a success is recorded: `(&&Success(&value)).__otel_success()`.
#[derive(Debug)]
pub struct Success<'a, T: ?Sized>(pub &'a T);

/// `Result`s.
pub trait SuccessOfResult<'a> {
    /// The type of the value in an `Ok`.
    type Value;

    /// The value of an `Ok`; `None` for an `Err`.
    fn __otel_success(&self) -> Option<&'a Self::Value>;
}

/// All other types.
pub trait SuccessOfValue<'a> {
    /// The type of the value.
    type Value: ?Sized;

    /// The value itself.
    fn __otel_success(&self) -> Option<&'a Self::Value>;
}

impl<'a, T, E> SuccessOfResult<'a> for &Success<'a, Result<T, E>> {
    type Value = T;

    fn __otel_success(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

impl<'a, T: ?Sized> SuccessOfValue<'a> for Success<'a, T> {
    type Value = T;

    fn __otel_success(&self) -> Option<&'a T> {
        Some(self.0)
    }
}
