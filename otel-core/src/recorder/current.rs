//! The tracer that is in force.

use std::cell::Cell;
use std::sync::Arc;

use opentelemetry::{InstrumentationScope, global};

use super::pipeline::Pipeline;
use super::record::Origin;
use super::tracer::Tracer;
use crate::global_probe;

thread_local! {
    static ANSWER: Cell<Option<Arc<Pipeline>>> = const { Cell::new(None) };
}

/// Called by our provider for each tracer that it makes.
pub(super) fn answer(scope: &InstrumentationScope, pipeline: &Arc<Pipeline>) {
    global_probe::answer(&ANSWER, scope, || Arc::clone(pipeline));
}

/// The pipeline of the global provider, if that is ours.
pub(crate) fn global_pipeline() -> Option<Arc<Pipeline>> {
    global_probe::ask(&ANSWER, |scope| drop(global::tracer_with_scope(scope)))
}

/// Our tracer for a scope, if the global provider is ours and runs: `known`, if that is still the one.
/// `None`: whatever there is has to be used through the API.
pub(crate) fn global_tracer(known: Option<&Tracer>, scope: impl FnOnce() -> InstrumentationScope) -> Option<Tracer> {
    let pipeline = global_pipeline().filter(|pipeline| !pipeline.is_shut_down())?;
    Some(match known {
        Some(known) if Arc::ptr_eq(&known.origin.pipeline, &pipeline) => known.clone(),
        _ => Tracer { origin: Arc::new(Origin { scope: scope(), pipeline }) },
    })
}
