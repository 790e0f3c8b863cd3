//! Whether a global provider is ours. The API lends providers out only behind its own types, so it cannot be seen; but a
//! provider can be asked for something that only ours answers.

use std::cell::Cell;
use std::thread::LocalKey;

use opentelemetry::InstrumentationScope;

/// The name of a scope that no library has.
const NAME: &str = "otel-core probe";

/// Where one kind of provider leaves its answer, on the thread that asks.
pub(crate) type Answer<T> = LocalKey<Cell<Option<T>>>;

/// The scope that providers are asked with.
pub(crate) fn scope() -> InstrumentationScope {
    InstrumentationScope::builder(NAME).build()
}

/// What our provider does for each scope it is asked with.
pub(crate) fn answer<T>(to: &'static Answer<T>, scope: &InstrumentationScope, answer: impl FnOnce() -> T) {
    if scope.name() == NAME {
        // Refused only while the thread ends.
        let _ = to.try_with(|place| place.set(Some(answer())));
    }
}

/// Asks, and takes the answer.
pub(crate) fn ask<T>(answer: &'static Answer<T>, question: impl FnOnce(InstrumentationScope)) -> Option<T> {
    question(scope());
    answer.try_with(Cell::take).ok().flatten()
}
