//! The tracer that is in force.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::{InstrumentationScope, global};

use super::clock::Moment;
use super::pipeline::Pipeline;
use super::probe;
use super::record::Origin;
use super::tracer::Tracer;

/// How long a thread uses what it was told of a global of the API: of a provider, a propagator, an instrument. One that is
/// installed over it while the server runs is used after this time at the latest; asking for each request would cost more
/// than recording.
pub(crate) const REFRESH: Duration = Duration::from_secs(1);

thread_local! {
    static ANSWER: Cell<Option<Arc<Pipeline>>> = const { Cell::new(None) };
}

/// Called by our provider for each tracer that it makes.
pub(super) fn answer(scope: &InstrumentationScope, pipeline: &Arc<Pipeline>) {
    probe::answer(&ANSWER, scope, || Arc::clone(pipeline));
}

/// The pipeline of the global provider, if that is ours.
pub(crate) fn global_pipeline() -> Option<Arc<Pipeline>> {
    probe::ask(&ANSWER, |scope| drop(global::tracer_with_scope(scope)))
}

/// One thread's memory of whether the global provider is ours, so that no request has to ask: that takes a lock, two
/// reference counts and an allocation.
#[derive(Debug, Default)]
pub(crate) struct CurrentTracer {
    tracer: Option<Tracer>,
    asked: Option<Moment>,
}

impl CurrentTracer {
    pub(crate) const fn unknown() -> Self {
        Self { tracer: None, asked: None }
    }

    /// Our tracer for a scope, if the global provider is ours. `None`: whatever there is has to be used through the API.
    pub(crate) fn get(&mut self, scope: impl FnOnce() -> InstrumentationScope, now: Moment) -> Option<&Tracer> {
        let is_fresh = self.asked.is_some_and(|asked| asked.until(now) < REFRESH)
            && self.tracer.as_ref().is_none_or(|tracer| !tracer.origin.pipeline.is_shut_down());
        if !is_fresh {
            self.refresh(scope, now);
        }
        self.tracer.as_ref()
    }

    #[cold]
    fn refresh(&mut self, scope: impl FnOnce() -> InstrumentationScope, now: Moment) {
        self.asked = Some(now);
        let pipeline = global_pipeline().filter(|pipeline| !pipeline.is_shut_down());
        let known = |tracer: &Tracer, pipeline: &Arc<Pipeline>| Arc::ptr_eq(&tracer.origin.pipeline, pipeline);
        match (&self.tracer, pipeline) {
            (Some(tracer), Some(pipeline)) if known(tracer, &pipeline) => {}
            (_, pipeline) => {
                self.tracer = pipeline.map(|pipeline| Tracer { origin: Arc::new(Origin { scope: scope(), pipeline }) });
            }
        }
    }
}
