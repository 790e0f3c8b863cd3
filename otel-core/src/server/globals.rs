//! What of the API's globals is in force for requests, as their thread knows it.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;

use super::metrics::Instruments;
use crate::clock::{Moment, REFRESH};
use crate::meters::{Meters, global_meters};
use crate::propagation;
use crate::recorder::{Tracer, global_tracer};

/// The globals, asked for [a while ago](REFRESH) at most: no request takes a lock for them.
#[derive(Debug)]
pub(super) struct Current {
    asked: Moment,
    scope: &'static InstrumentationScope,
    /// `None`: whatever there is has to be used through the API.
    pub(super) tracer: Option<Tracer>,
    /// `None`: not one of ours.
    meters: Option<Meters>,
    /// `None`: metrics go nowhere.
    pub(super) instruments: Option<Arc<Instruments>>,
    pub(super) are_propagators_usual: bool,
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Current>>> = const { RefCell::new(None) };
}

impl Current {
    /// What is in force for `scope`, which is the same for all requests of a thread.
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
            && now.is_within(REFRESH, self.asked)
            && self.tracer.as_ref().is_none_or(|tracer| !tracer.is_shut_down())
    }

    /// Asks, outside of any borrow: providers may be somebody else's code, which serves requests itself.
    #[cold]
    fn refreshed(scope: &'static InstrumentationScope, now: Moment, known: Option<Rc<Self>>) -> Rc<Self> {
        let known = known.filter(|known| std::ptr::eq(known.scope, scope));
        let meters = global_meters();
        let instruments = match (&meters, &known) {
            (Some(Meters::Nowhere), _) => None,
            // The same provider as before: what is bound stays bound.
            (Some(now), Some(known)) if known.meters.as_ref() == Some(now) => known.instruments.clone(),
            _ => Some(Arc::new(Instruments::of_global_provider(scope, meters.is_some()))),
        };
        let tracer = known.as_ref().and_then(|known| known.tracer.as_ref());
        let current = Rc::new(Self {
            asked: now,
            scope,
            tracer: global_tracer(tracer, || scope.clone()),
            meters,
            instruments,
            are_propagators_usual: propagation::asked() == Some(true),
        });
        let _ = CURRENT.try_with(|place| place.replace(Some(Rc::clone(&current))));
        current
    }
}
