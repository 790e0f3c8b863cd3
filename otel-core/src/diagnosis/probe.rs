//! Do the globals of the OpenTelemetry API lead to what start-up installed?
//!
//! The API shows nobody what it holds. But what it holds is called when somebody asks for a meter, or for the
//! propagator's fields; ours then leave a mark. The recorder has a probe of its own.

use std::cell::Cell;

use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::{Context, InstrumentationScope, global};

use super::Global;
use crate::recorder;

const SCOPE: &str = "otel-actix.diagnosis";

thread_local! {
    static REACHED: Cell<bool> = const { Cell::new(false) };
}

/// A meter provider or propagator that start-up installs.
#[derive(Debug)]
pub(crate) struct Ours<T>(pub(crate) T);

impl<T: MeterProvider> MeterProvider for Ours<T> {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
        mark();
        self.0.meter_with_scope(scope)
    }
}

impl<T: TextMapPropagator> TextMapPropagator for Ours<T> {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        self.0.inject_context(context, injector);
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        self.0.extract_with_context(context, extractor)
    }

    fn fields(&self) -> FieldIter<'_> {
        mark();
        self.0.fields()
    }
}

fn mark() {
    // Refused only while the thread ends.
    let _ = REACHED.try_with(|reached| reached.set(true));
}

/// The globals that somebody else replaced since the start. `measures`: whether there is a meter provider of ours.
pub(super) fn replaced(measures: bool) -> impl Iterator<Item = Global> {
    let checks = [
        (Global::TracerProvider, recorder::global_pipeline().is_some()),
        (Global::MeterProvider, !measures || reaches_ours(|| _ = global::meter(SCOPE))),
        (Global::Propagator, reaches_ours(|| global::get_text_map_propagator(|propagator| _ = propagator.fields()))),
    ];
    checks.into_iter().filter(|(_, ours)| !ours).map(|(global, _)| global)
}

fn reaches_ours(ask: impl FnOnce()) -> bool {
    REACHED.set(false);
    ask();
    REACHED.get()
}
