//! Finds out if a global provider is ours. The API hides providers behind types of its own. So the global provider gets
//! a request for a scope with a special name, and our providers leave an answer when they see that name.

use std::cell::Cell;
use std::thread::LocalKey;

use opentelemetry::InstrumentationScope;

/// A scope name that no library has.
const NAME: &str = "otel-core probe";

/// The place for a provider's answer, on the thread of the request.
pub(crate) type AnswerCell<T> = LocalKey<Cell<Option<T>>>;

/// The scope of the request.
pub(crate) fn scope() -> InstrumentationScope {
    InstrumentationScope::builder(NAME).build()
}

/// Leaves an answer if `scope` is that of a probe. Our providers call this for each scope.
pub(crate) fn answer<T>(to: &'static AnswerCell<T>, scope: &InstrumentationScope, answer: impl FnOnce() -> T) {
    if scope.name() == NAME {
        // There is no cell any more while the thread ends.
        let _ = to.try_with(|cell| cell.set(Some(answer())));
    }
}

/// Sends the probe to the global provider by `question`, and takes the answer. `None` if the provider is not ours.
pub(crate) fn ask<T>(answer: &'static AnswerCell<T>, question: impl FnOnce(InstrumentationScope)) -> Option<T> {
    question(scope());
    answer.try_with(Cell::take).ok().flatten()
}
