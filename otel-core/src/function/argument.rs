//! `args(..)` and `ret`: values of any type, recorded as well as the type allows.
//!
//! `(&&&Argument(&value)).value()` takes the first that is implemented: a [`Field`] keeps its type, then `Display`, then
//! `Debug`. The mechanism is that of [`Returned`](super::Returned).

use std::fmt::{Debug, Display};

use opentelemetry::Value;

use super::Field;

/// A parameter, or what a function returned.
#[derive(Debug)]
pub struct Argument<'a, T: ?Sized>(pub &'a T);

/// Types with an attribute type of their own.
pub trait ArgumentField {
    /// The value, typed.
    fn value(&self) -> Option<Value>;
}

/// Types with `Display`.
pub trait ArgumentDisplay {
    /// The value, displayed.
    fn value(&self) -> Option<Value>;
}

/// Types with `Debug`, and an understandable error for all others.
pub trait ArgumentDebug {
    /// What is formatted.
    type Inner: ?Sized;

    /// The value, as `{:?}` shows it.
    fn value(&self) -> Option<Value>
    where
        Self::Inner: Debug;
}

impl<T: Field + ?Sized> ArgumentField for &&Argument<'_, T> {
    fn value(&self) -> Option<Value> {
        self.0.to_value()
    }
}

impl<T: Display + ?Sized> ArgumentDisplay for &Argument<'_, T> {
    fn value(&self) -> Option<Value> {
        Some(self.0.to_string().into())
    }
}

impl<T: ?Sized> ArgumentDebug for Argument<'_, T> {
    type Inner = T;

    fn value(&self) -> Option<Value>
    where
        T: Debug,
    {
        Some(format!("{:?}", self.0).into())
    }
}

/// Looks into what a function returned: only a success has a value to record.
#[derive(Debug)]
pub struct Success<'a, T: ?Sized>(pub &'a T);

/// The value of an `Ok`.
pub trait SuccessOfResult<'a> {
    /// What is inside the `Ok`.
    type Value;

    /// The value of an `Ok`, nothing of an `Err`.
    fn get(&self) -> Option<&'a Self::Value>;
}

/// The value itself.
pub trait SuccessOfValue<'a> {
    /// The type of the value.
    type Value: ?Sized;

    /// The value.
    fn get(&self) -> Option<&'a Self::Value>;
}

impl<'a, T, E> SuccessOfResult<'a> for &Success<'a, Result<T, E>> {
    type Value = T;

    fn get(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

impl<'a, T: ?Sized> SuccessOfValue<'a> for Success<'a, T> {
    type Value = T;

    fn get(&self) -> Option<&'a T> {
        Some(self.0)
    }
}
