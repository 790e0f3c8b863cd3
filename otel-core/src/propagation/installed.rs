//! Recognises the propagator that start-up installs while it is the global one: `diagnose` reports a replaced
//! propagator, and with the usual one a request's `traceparent` is read in place.

use std::cell::Cell;

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::{Context, global};

use crate::clock::Moment;
use crate::snapshot::Snapshot;

thread_local! {
    /// The answer of an [`Installed`] whose fields are read: `true` if it is the usual propagator.
    static ANSWER: Cell<Option<bool>> = const { Cell::new(None) };
}

/// The configured propagators, as one.
#[derive(Debug)]
pub(super) struct Installed {
    pub(super) propagators: TextMapCompositePropagator,
    /// `true` for trace context and baggage, the default.
    pub(super) are_usual: bool,
}

impl TextMapPropagator for Installed {
    fn inject_context(&self, cx: &Context, injector: &mut dyn Injector) {
        self.propagators.inject_context(cx, injector);
    }

    fn extract_with_context(&self, cx: &Context, extractor: &dyn Extractor) -> Context {
        self.propagators.extract_with_context(cx, extractor)
    }

    fn fields(&self) -> FieldIter<'_> {
        // Fails only while the thread ends.
        let _ = ANSWER.try_with(|answer| answer.set(Some(self.are_usual)));
        self.propagators.fields()
    }
}

/// Reads the fields of the global propagator, so that one of ours leaves an answer. `None` if it is not ours,
/// `Some(true)` if it is the usual one.
pub(crate) fn ask_global() -> Option<bool> {
    let _ = ANSWER.try_with(Cell::take);
    global::get_text_map_propagator(|propagator| _ = propagator.fields());
    ANSWER.try_with(Cell::take).ok().flatten()
}

/// Returns `true` if the global propagators are the usual ones.
pub(crate) fn are_usual() -> bool {
    thread_local! {
        static LAST: Cell<Option<Snapshot<bool>>> = const { Cell::new(None) };
    }
    let now = Moment::now();
    let last = LAST.try_with(Cell::get).ok().flatten();
    if let Some(&are_usual) = last.as_ref().and_then(|last| last.fresh(now)) {
        return are_usual;
    }
    let are_usual = ask_global() == Some(true);
    // There is no cell any more while the thread ends.
    let _ = LAST.try_with(|last| last.set(Some(Snapshot::new(are_usual, now))));
    are_usual
}
