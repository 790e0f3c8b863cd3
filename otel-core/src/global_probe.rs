//! Recognises our global providers. The API hides providers behind its own types; but only ours answer a request for a
//! scope of a certain name.

use std::cell::Cell;
use std::thread::LocalKey;

use opentelemetry::InstrumentationScope;

/// The name of a scope that no library has.
const NAME: &str = "otel-core probe";

/// The answer of one kind of provider, on the thread that asks.
pub(crate) type Answer<T> = LocalKey<Cell<Option<T>>>;

/// The scope of a probe.
pub(crate) fn scope() -> InstrumentationScope {
    InstrumentationScope::builder(NAME).build()
}

/// Answers a probe. Our provider calls this for each scope.
pub(crate) fn answer<T>(to: &'static Answer<T>, scope: &InstrumentationScope, answer: impl FnOnce() -> T) {
    if scope.name() == NAME {
        // Fails only while the thread ends.
        let _ = to.try_with(|place| place.set(Some(answer())));
    }
}

/// Probes, and returns the answer.
pub(crate) fn ask<T>(answer: &'static Answer<T>, question: impl FnOnce(InstrumentationScope)) -> Option<T> {
    question(scope());
    answer.try_with(Cell::take).ok().flatten()
}
