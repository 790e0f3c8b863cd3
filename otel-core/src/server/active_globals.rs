//! The API's globals, as a thread saw them last.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;

use super::metrics::Instruments;
use crate::clock::Moment;
use crate::meters::{Meters, global_meters};
use crate::propagation;
use crate::recorder::{Tracer, active_tracer};
use crate::snapshot::Snapshot;

/// The globals as a thread last read them: no request takes a lock for them.
#[derive(Debug)]
pub(super) struct ActiveGlobals {
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
    static LAST: RefCell<Option<Snapshot<Rc<ActiveGlobals>>>> = const { RefCell::new(None) };
}

impl ActiveGlobals {
    /// The globals for `scope`, which is the same for all requests of a thread.
    #[inline]
    pub(super) fn of(scope: &'static InstrumentationScope, now: Moment) -> Rc<Self> {
        let fresh = |last: &RefCell<Option<Snapshot<Rc<Self>>>>| {
            let last = last.borrow();
            let globals = last.as_ref()?.fresh(now)?;
            globals.are_usable(scope).then(|| Rc::clone(globals))
        };
        // There is no last snapshot while the thread ends.
        LAST.try_with(fresh).ok().flatten().unwrap_or_else(|| Self::read(scope, now))
    }

    #[inline]
    fn are_usable(&self, scope: &'static InstrumentationScope) -> bool {
        std::ptr::eq(self.scope, scope) && self.tracer.as_ref().is_none_or(|tracer| !tracer.is_shut_down())
    }

    /// Reads the globals. Nothing is borrowed meanwhile, because the code of another provider may serve requests itself.
    #[cold]
    fn read(scope: &'static InstrumentationScope, now: Moment) -> Rc<Self> {
        let last = LAST.try_with(|last| last.borrow().as_ref().map(|last| Rc::clone(last.value()))).ok().flatten();
        let last = last.filter(|last| std::ptr::eq(last.scope, scope));
        let meters = global_meters();
        let instruments = match (&meters, &last) {
            (Some(Meters::Nowhere), _) => None,
            // The same provider as before: its bound instruments stay valid.
            (Some(now), Some(last)) if last.meters.as_ref() == Some(now) => last.instruments.clone(),
            _ => Some(Arc::new(Instruments::of_global_provider(scope, meters.is_some()))),
        };
        let tracer = last.as_ref().and_then(|last| last.tracer.as_ref());
        let globals = Rc::new(Self {
            scope,
            tracer: active_tracer(tracer, || scope.clone()),
            meters,
            instruments,
            are_propagators_usual: propagation::ask_global() == Some(true),
        });
        let _ = LAST.try_with(|last| last.replace(Some(Snapshot::new(Rc::clone(&globals), now))));
        globals
    }
}
