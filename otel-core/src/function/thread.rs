//! Functions that are called while their thread ends, by what it drops.

use std::panic::catch_unwind;

use opentelemetry::Context;

/// Known to be gone before the API's current context is: what a thread drops when it ends, it drops in the reverse order
/// of first use. Asking the API itself then would be a panic, which aborts the process there.
#[derive(Debug)]
struct Witness {
    /// There was a current context when this was made.
    has_context: bool,
}

impl Witness {
    fn new() -> Self {
        Self { has_context: catch_unwind(|| Context::map_current(|_| ())).is_ok() }
    }
}

/// Without it nobody would tell when the witness is gone.
impl Drop for Witness {
    fn drop(&mut self) {
        self.has_context = false;
    }
}

thread_local! {
    static WITNESS: Witness = Witness::new();
}

/// Whether this thread still has a current context.
#[inline]
pub(super) fn has_context() -> bool {
    WITNESS.try_with(|witness| witness.has_context).unwrap_or(false)
}
