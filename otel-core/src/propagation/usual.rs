//! The usual propagators, recognised: where they are installed, a request's `traceparent` can be read in place.

use std::cell::Cell;
use std::sync::LazyLock;
use std::time::Duration;

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::{Context, global};

use crate::recorder::Moment;

/// How long an answer is used: a propagator that is installed over ours is used after this time at the latest.
const REFRESH: Duration = Duration::from_secs(1);

static FIELDS: LazyLock<[String; 3]> = LazyLock::new(|| ["traceparent", "tracestate", "baggage"].map(str::to_owned));

/// Trace context and baggage, the default.
#[derive(Debug)]
pub(super) struct Usual(pub(super) TextMapCompositePropagator);

impl TextMapPropagator for Usual {
    fn inject_context(&self, cx: &Context, injector: &mut dyn Injector) {
        self.0.inject_context(cx, injector);
    }

    fn extract_with_context(&self, cx: &Context, extractor: &dyn Extractor) -> Context {
        self.0.extract_with_context(cx, extractor)
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_slice())
    }
}

/// Whether the global propagator is [`Usual`]. Asked of the API once a second and thread: it takes a lock.
pub(crate) fn is_usual(now: Moment) -> bool {
    thread_local! {
        static ANSWER: Cell<Option<(Moment, bool)>> = const { Cell::new(None) };
    }
    match ANSWER.try_with(Cell::get) {
        Ok(Some((asked, answer))) if asked.until(now) < REFRESH => answer,
        _ => {
            let answer = ask();
            // Refused only while the thread ends.
            let _ = ANSWER.try_with(|kept| kept.set(Some((now, answer))));
            answer
        }
    }
}

/// Ours is the only propagator that has these very strings as its fields.
#[cold]
fn ask() -> bool {
    let [ours, ..] = &*FIELDS;
    global::get_text_map_propagator(|propagator| {
        propagator.fields().next().is_some_and(|field| std::ptr::eq(field.as_ptr(), ours.as_ptr()))
    })
}
