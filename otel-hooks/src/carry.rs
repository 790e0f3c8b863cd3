//! The context in spawned tasks: the application's copy of `tokio` calls these functions.
//!
//! The context goes along only if the application's own code spawns. A task of a library often outlives the request in
//! which it was spawned, as that of a pooled connection does, and serves other requests as well.

use std::panic::Location;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use opentelemetry::Context;
use pin_project_lite::pin_project;

use crate::hooks;

pin_project! {
    /// A future that runs in the context in which it was spawned. See [`carry`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Carried<F> {
        // `None` only while this is dropped.
        #[pin]
        future: Option<F>,
        // `None` if no context goes along.
        context: Option<Context>,
    }

    impl<F> PinnedDrop for Carried<F> {
        fn drop(this: Pin<&mut Self>) {
            // Values that the future owns may record something when they are dropped, too.
            let mut this = this.project();
            let _attached = this.context.as_ref().and_then(hooks::attach_to_drop);
            this.future.set(None);
        }
    }
}

/// Takes the current context along with a future that the caller spawns.
#[inline]
#[track_caller]
pub fn carry<F: Future>(future: F) -> Carried<F> {
    Carried { future: Some(future), context: context_for(Location::caller()) }
}

/// Takes the current context along with a closure that the caller spawns.
#[inline]
#[track_caller]
pub fn carry_fn<R>(closure: impl FnOnce() -> R) -> impl FnOnce() -> R {
    let context = context_for(Location::caller());
    move || {
        let _attached = context.map(Context::attach);
        closure()
    }
}

impl<F: Future> Future for Carried<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _attached = this.context.clone().map(Context::attach);
        this.future.as_pin_mut().map_or(Poll::Pending, |future| future.poll(cx))
    }
}

/// The context for a task that is spawned in this place.
fn context_for(place: &Location<'_>) -> Option<Context> {
    if is_own_code(place.file()) {
        return hooks::context_to_carry();
    }
    // Suppression goes along from any place: an exporter may spawn through a library.
    hooks::context_if_suppressed()
}

/// Returns `true` if a file belongs to the workspace that is built: cargo gives the compiler relative paths for its files,
/// and absolute ones for libraries.
fn is_own_code(file: &str) -> bool {
    Path::new(file).is_relative()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_have_absolute_paths() {
        assert!(is_own_code("src/main.rs"));
        assert!(is_own_code(Location::caller().file()), "{}", Location::caller());
        assert!(!is_own_code("/root/.cargo/registry/src/index/hyper-util-0.1.21/src/rt/tokio.rs"));
    }
}
