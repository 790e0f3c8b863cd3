//! The kind of a value that is about to be spawned. A macro cannot tell a call that returns a future from one that returns
//! something else; method lookup can:
//!
//! ```
//! use otel_core::carry::{CarryAny as _, CarryBoxed as _, CarryClosure as _, CarryFuture as _, Spawned};
//!
//! let spawned = 42;
//! let kind = (&&&&Spawned(&spawned)).__otel_kind();
//! assert_eq!(kind.carry(spawned), 42);
//! ```

use std::pin::Pin;

use super::{Carried, carry, carry_fn};

/// A value on its way into another task.
#[derive(Debug)]
pub struct Spawned<'a, T>(pub &'a T);

/// A value on its way into a method that has the name of one that spawns, but may be another: `(&&&&&Passed(&value))`.
/// Function pointers pass through unchanged, unlike in [`Spawned`]: a method that takes a function pointer takes no
/// closure.
#[derive(Debug)]
pub struct Passed<'a, T>(pub &'a T);

/// A box of any future or closure.
#[derive(Clone, Copy, Debug)]
pub struct BoxedKind;

/// A part of the type of carried closures that errors show: a method may need a function pointer or an `Fn`, and then
/// `#[auto_instrument(carry = false)]` leaves its argument as it is.
pub trait UnlessCarryIsFalse {}

impl<T> UnlessCarryIsFalse for T {}

/// A future.
#[derive(Clone, Copy, Debug)]
pub struct FutureKind;

/// A closure or function without parameters.
#[derive(Clone, Copy, Debug)]
pub struct ClosureKind;

/// Something else.
#[derive(Clone, Copy, Debug)]
pub struct AnyKind;

/// Boxes that can hold a carried future or closure: first choice.
pub trait CarryBoxed {
    /// The kind of the value.
    fn __otel_kind(&self) -> BoxedKind {
        BoxedKind
    }
}

/// Futures: second choice.
pub trait CarryFuture {
    /// The kind of the value.
    fn __otel_kind(&self) -> FutureKind {
        FutureKind
    }
}

/// Closures and functions without parameters: third choice.
pub trait CarryClosure {
    /// The kind of the value.
    fn __otel_kind(&self) -> ClosureKind {
        ClosureKind
    }
}

/// Anything.
pub trait CarryAny {
    /// The kind of the value.
    fn __otel_kind(&self) -> AnyKind {
        AnyKind
    }
}

impl<B: Boxed> CarryBoxed for &&&Spawned<'_, B> {}
impl<F: Future> CarryFuture for &&Spawned<'_, F> {}
impl<R, F: FnOnce() -> R> CarryClosure for &Spawned<'_, F> {}
impl<T> CarryAny for Spawned<'_, T> {}

impl<B: Boxed> CarryBoxed for &&&&Passed<'_, B> {}
impl<F: Future> CarryFuture for &&&Passed<'_, F> {}
impl<R> CarryAny for &&Passed<'_, fn() -> R> {}
impl<R, F: FnOnce() -> R> CarryClosure for &Passed<'_, F> {}
impl<T> CarryAny for Passed<'_, T> {}

/// Boxes of `dyn Future` and `dyn FnOnce()`. A function that takes one takes no other type.
pub trait Boxed {
    /// The contents, carried, in a new box.
    #[must_use]
    fn carried(self) -> Self;
}

impl<'a, T: 'a> Boxed for Pin<Box<dyn Future<Output = T> + 'a>> {
    fn carried(self) -> Self {
        Box::pin(carry(self))
    }
}

impl<'a, T: 'a> Boxed for Pin<Box<dyn Future<Output = T> + Send + 'a>> {
    fn carried(self) -> Self {
        Box::pin(carry(self))
    }
}

impl<'a, R: 'a> Boxed for Box<dyn FnOnce() -> R + 'a> {
    fn carried(self) -> Self {
        Box::new(carry_fn(self))
    }
}

impl<'a, R: 'a> Boxed for Box<dyn FnOnce() -> R + Send + 'a> {
    fn carried(self) -> Self {
        Box::new(carry_fn(self))
    }
}

impl BoxedKind {
    /// The value, carried, of the same type.
    pub fn carry<B: Boxed>(self, boxed: B) -> B {
        boxed.carried()
    }
}

impl FutureKind {
    /// [`carry`]
    pub fn carry<F: Future>(self, future: F) -> Carried<F> {
        carry(future)
    }
}

impl ClosureKind {
    /// [`carry_fn`]
    pub fn carry<R>(self, closure: impl FnOnce() -> R) -> impl UnlessCarryIsFalse + FnOnce() -> R {
        carry_fn(closure)
    }
}

impl AnyKind {
    /// The value, as it is.
    pub fn carry<T>(self, value: T) -> T {
        value
    }
}
