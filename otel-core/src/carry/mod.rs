//! The current context in other tasks and threads.
//!
//! A context belongs to the thread, and within it to the future that attached it. A spawned task starts with none, and
//! its spans would be roots of new traces. Wrapped, it runs in the context of the code that spawned it:
//!
//! ```
//! use opentelemetry::{Context, baggage::BaggageExt, KeyValue};
//!
//! let _attached = Context::current_with_baggage([KeyValue::new("tenant", "42")]).attach();
//! let tenant = || Context::current().baggage().get("tenant").map(ToString::to_string);
//!
//! assert_eq!(std::thread::spawn(tenant).join().ok().flatten(), None);
//! assert_eq!(std::thread::spawn(otel_core::carry::carry_fn(tenant)).join().ok().flatten().as_deref(), Some("42"));
//! ```

mod dispatch;
mod ending;

use std::{
    pin::Pin,
    task::{Context as TaskContext, Poll},
};

pub use dispatch::{
    AnyKind, Boxed, BoxedKind, CarryAny, CarryBoxed, CarryClosure, CarryFuture, ClosureKind, FutureKind, Passed,
    Spawned, UnlessCarryIsFalse,
};
pub use ending::attach_to_drop;
pub(crate) use ending::has_context;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, ContextGuard};
use pin_project_lite::pin_project;

pin_project! {
    /// A future that runs in the context in which it was wrapped. See [`carry`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Carried<F> {
        // `None` only while this is dropped.
        #[pin]
        future: Option<F>,
        context: Context,
    }

    impl<F> PinnedDrop for Carried<F> {
        fn drop(this: Pin<&mut Self>) {
            // Values that the future owns may record something when they are dropped, too.
            let mut this = this.project();
            let _attached = attach_to_drop(this.context);
            this.future.set(None);
        }
    }
}

/// Takes the current context along with a future: `tokio::spawn(carry(work()))`.
pub fn carry<F: Future>(future: F) -> Carried<F> {
    Carried::within(Context::current(), future)
}

impl<F> Carried<F> {
    /// Takes this context along.
    pub(crate) fn within(context: Context, future: F) -> Self {
        Self { future: Some(future), context }
    }
}

/// Takes the current context along with a closure: `std::thread::spawn(carry_fn(|| work()))`.
pub fn carry_fn<R>(closure: impl FnOnce() -> R) -> impl FnOnce() -> R {
    let context = Context::current();
    move || {
        let _attached = context.attach();
        closure()
    }
}

/// The current context, for a closure that [`attach`]es it each time that it is called.
#[must_use]
pub fn context_to_carry() -> Context {
    Context::current()
}

/// Makes a context current in the closure that carries it.
#[must_use = "the context is current as long as this lives"]
pub fn attach(context: &Context) -> ContextGuard {
    context.clone().attach()
}

/// The current context, unless it has no span and no baggage, and telemetry is not suppressed. Other values alone are not
/// carried.
#[must_use]
pub fn current_to_carry() -> Option<Context> {
    current_if(|context| {
        context.has_active_span() || context.is_telemetry_suppressed() || !context.baggage().is_empty()
    })
}

/// The current context, if telemetry is suppressed in it.
#[must_use]
pub fn current_if_suppressed() -> Option<Context> {
    current_if(Context::is_telemetry_suppressed)
}

fn current_if(condition: impl FnOnce(&Context) -> bool) -> Option<Context> {
    // Without a current context, the thread ends.
    (has_context() && Context::map_current(condition)).then(Context::current)
}

impl<F: Future> Future for Carried<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let _attached = this.context.clone().attach();
        this.future.as_pin_mut().map_or(Poll::Pending, |future| future.poll(cx))
    }
}

impl<F> std::fmt::Debug for Carried<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Carried").field("context", &self.context).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
