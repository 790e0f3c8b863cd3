//! The API's globals, as a thread saw them last.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;

use super::metrics::Instruments;
use crate::clock::{Moment, REFRESH};
use crate::meters::{Meters, global_meters};
use crate::propagation;
use crate::recorder::{Tracer, active_tracer};

/// The globals as they were [a short time](REFRESH) ago: no request takes a lock for them.
#[derive(Debug)]
pub(super) struct ActiveGlobals {
    read_at: Moment,
    scope: &'static InstrumentationScope,
    /// `None` if the provider is not ours, or has shut down: then the API has to be used.
    pub(super) tracer: Option<Tracer>,
    /// `None` if the meter provider is not ours.
    meters: Option<Meters>,
    /// `None` if metrics are not exported.
    pub(super) instruments: Option<Arc<Instruments>>,
    pub(super) are_propagators_usual: bool,
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<ActiveGlobals>>> = const { RefCell::new(None) };
}

impl ActiveGlobals {
    /// The globals for `scope`, which is the same for all requests of a thread.
    #[inline]
    pub(super) fn of(scope: &'static InstrumentationScope, now: Moment) -> Rc<Self> {
        // Refused while the thread ends.
        match CURRENT.try_with(|current| current.borrow().clone()) {
            Ok(Some(known)) if known.is_fresh(scope, now) => known,
            known => Self::refreshed(scope, now, known.ok().flatten()),
        }
    }

    #[inline]
    fn is_fresh(&self, scope: &'static InstrumentationScope, now: Moment) -> bool {
        std::ptr::eq(self.scope, scope)
            && now.is_within(REFRESH, self.read_at)
            && self.tracer.as_ref().is_none_or(|tracer| !tracer.is_shut_down())
    }

    /// Reads the globals. Nothing is borrowed meanwhile, because the code of another provider may serve requests itself.
    #[cold]
    fn refreshed(scope: &'static InstrumentationScope, now: Moment, known: Option<Rc<Self>>) -> Rc<Self> {
        let known = known.filter(|known| std::ptr::eq(known.scope, scope));
        let meters = global_meters();
        let instruments = match (&meters, &known) {
            (Some(Meters::Nowhere), _) => None,
            // The same provider as before: its bound instruments stay valid.
            (Some(now), Some(known)) if known.meters.as_ref() == Some(now) => known.instruments.clone(),
            _ => Some(Arc::new(Instruments::of_global_provider(scope, meters.is_some()))),
        };
        let tracer = known.as_ref().and_then(|known| known.tracer.as_ref());
        let current = Rc::new(Self {
            read_at: now,
            scope,
            tracer: active_tracer(tracer, || scope.clone()),
            meters,
            instruments,
            are_propagators_usual: propagation::asked() == Some(true),
        });
        let _ = CURRENT.try_with(|place| place.replace(Some(Rc::clone(&current))));
        current
    }
}
