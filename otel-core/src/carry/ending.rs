//! Threads that end: values that they drop may call annotated functions, and may be unfinished futures.

use opentelemetry::{Context, ContextGuard};

use crate::panics::caught;

/// A thread-local value that is dropped before the API's current context: a thread that ends drops them in the reverse order
/// of first use. Asking the API for its context afterwards would panic, and abort the process. It panics here as well, and
/// is caught, if the thread used the API alone and nothing of ours before its end.
#[derive(Debug)]
struct Witness {
    /// `true` if there was a current context when this was made.
    has_context: bool,
}

impl Witness {
    fn new() -> Self {
        Self { has_context: caught(|| Context::map_current(|_| ())).is_some() }
    }
}

/// A type without `Drop` would stay accessible after the context is gone.
impl Drop for Witness {
    fn drop(&mut self) {
        self.has_context = false;
    }
}

thread_local! {
    static WITNESS: Witness = Witness::new();
}

/// Returns `true` if this thread still has a current context.
#[inline]
pub(crate) fn has_context() -> bool {
    WITNESS.try_with(|witness| witness.has_context).unwrap_or(false)
}

/// Makes a context current while a value that belongs to it is dropped: a cancelled future, a body that was not sent. Such
/// a value may record telemetry. `None` if the thread ends and has no current context any more.
///
/// ```
/// # use opentelemetry::Context;
/// # let (context, future) = (Context::new(), std::future::pending::<()>());
/// let current = otel_core::carry::attach_to_drop(&context);
/// drop(future);
/// drop(current);
/// ```
#[must_use = "the context is current as long as this lives"]
pub fn attach_to_drop(context: &Context) -> Option<ContextGuard> {
    has_context().then(|| context.clone().attach())
}
