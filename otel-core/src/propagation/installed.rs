//! The propagator that start-up installs, which is recognised while it is the global one: `diagnose` reports a replaced
//! one, and with the usual one a request's `traceparent` can be read in place.

use std::cell::Cell;

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::{Context, global};

use crate::clock::{Moment, REFRESH};

thread_local! {
    /// Set by an [`Installed`] whose fields are read: `true` if it is the usual one.
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

/// Reads the fields of the global propagator, so that one of ours reports itself. `None` if it is not ours, `Some(true)`
/// if it is the usual one.
pub(crate) fn asked() -> Option<bool> {
    let _ = ANSWER.try_with(Cell::take);
    global::get_text_map_propagator(|propagator| _ = propagator.fields());
    ANSWER.try_with(Cell::take).ok().flatten()
}

/// Whether the global propagators are the usual ones. Asked of the API once a second and thread: it takes a lock.
pub(crate) fn are_usual() -> bool {
    thread_local! {
        static KNOWN: Cell<Option<(Moment, bool)>> = const { Cell::new(None) };
    }
    let now = Moment::now();
    match KNOWN.try_with(Cell::get) {
        Ok(Some((since, are_usual))) if now.is_within(REFRESH, since) => are_usual,
        _ => {
            let are_usual = asked() == Some(true);
            // Fails only while the thread ends.
            let _ = KNOWN.try_with(|known| known.set(Some((now, are_usual))));
            are_usual
        }
    }
}
