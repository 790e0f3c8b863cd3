//! Panics of the application's code that telemetry calls: formatting, hooks, exporters.
//!
//! With `panic = "abort"` in the profile, the compiler builds no way to catch a panic: then each of them ends the process.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls `code`. Returns `None` if it panics. The panic hook has printed its message by then.
///
/// A panic may leave values half changed. So the caller must throw them away, or accept them in any state.
///
/// ```
/// use otel_core::panics::caught;
///
/// assert_eq!(caught(|| 7), Some(7));
/// assert_eq!(caught(|| panic!("on purpose")), None::<()>);
/// ```
pub fn caught<R>(code: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(code)) {
        Ok(result) => Some(result),
        Err(payload) => {
            // Its `Drop` is the application's code as well, and may panic, too.
            mem::forget(payload);
            None
        }
    }
}
