//! What is this that is about to be spawned? A macro cannot tell a call that returns a future from one that returns
//! something else; method lookup can:
//!
//! ```
//! use otel_core::carry::{CarryAny as _, CarryClosure as _, CarryFuture as _, Spawned};
//!
//! let spawned = 42;
//! let kind = (&&&Spawned(&spawned)).kind();
//! assert_eq!(kind.carry(spawned), 42);
//! ```

use super::{Carried, carry, carry_fn};

/// A value on its way into another task.
#[derive(Debug)]
pub struct Spawned<'a, T>(pub &'a T);

/// A future.
#[derive(Clone, Copy, Debug)]
pub struct FutureKind;

/// A closure or function without parameters.
#[derive(Clone, Copy, Debug)]
pub struct ClosureKind;

/// Something else.
#[derive(Clone, Copy, Debug)]
pub struct AnyKind;

/// Futures: first choice.
pub trait CarryFuture {
    /// It is one.
    fn kind(&self) -> FutureKind {
        FutureKind
    }
}

/// Closures and functions without parameters: second choice.
pub trait CarryClosure {
    /// It is one.
    fn kind(&self) -> ClosureKind {
        ClosureKind
    }
}

/// Anything.
pub trait CarryAny {
    /// It is neither.
    fn kind(&self) -> AnyKind {
        AnyKind
    }
}

impl<F: Future> CarryFuture for &&Spawned<'_, F> {}
impl<R, F: FnOnce() -> R> CarryClosure for &Spawned<'_, F> {}
impl<T> CarryAny for Spawned<'_, T> {}

impl FutureKind {
    /// [`carry`]
    pub fn carry<F: Future>(self, future: F) -> Carried<F> {
        carry(future)
    }
}

impl ClosureKind {
    /// [`carry_fn`]
    pub fn carry<R>(self, closure: impl FnOnce() -> R) -> impl FnOnce() -> R {
        carry_fn(closure)
    }
}

impl AnyKind {
    /// The value, as it is.
    pub fn carry<T>(self, value: T) -> T {
        value
    }
}
