//! Do the globals of the OpenTelemetry API lead to what start-up installed?
//!
//! The API shows nobody what it holds. But what it holds is called when somebody asks it for something, and ours then
//! leave a mark: the providers by means of `recorder::probe`, the propagator when it is asked for its fields.

use std::cell::Cell;

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::{Context, global};

use super::Global;
use crate::{recorder, startup};

thread_local! {
    static REACHED: Cell<bool> = const { Cell::new(false) };
}

/// The propagator that start-up installs.
#[derive(Debug)]
pub(crate) struct Ours<T>(pub(crate) T);

impl<T: TextMapPropagator> TextMapPropagator for Ours<T> {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        self.0.inject_context(context, injector);
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        self.0.extract_with_context(context, extractor)
    }

    fn fields(&self) -> FieldIter<'_> {
        // Refused only while the thread ends.
        let _ = REACHED.try_with(|reached| reached.set(true));
        self.0.fields()
    }
}

/// The globals that somebody else replaced since the start. `measures`: whether there is a meter provider of ours.
pub(super) fn replaced(measures: bool) -> impl Iterator<Item = Global> {
    let checks = [
        (Global::TracerProvider, recorder::global_pipeline().is_some()),
        (Global::MeterProvider, !measures || startup::global_meters().is_some()),
        (Global::Propagator, propagator_is_ours()),
    ];
    checks.into_iter().filter(|(_, ours)| !ours).map(|(global, _)| global)
}

fn propagator_is_ours() -> bool {
    REACHED.set(false);
    global::get_text_map_propagator(|propagator| _ = propagator.fields());
    REACHED.get()
}
