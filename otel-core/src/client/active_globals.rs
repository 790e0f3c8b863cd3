//! The API's globals, as a thread saw them last.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use opentelemetry::{InstrumentationScope, global};

use super::metrics::Instruments;
use super::pools::export_pools;
use crate::clock::Moment;
use crate::meters::{Meters, global_meters};
use crate::propagation::are_usual;
use crate::recorder::{Tracer, active_tracer};
use crate::snapshot::Snapshot;

/// The most scopes that a thread keeps globals for. There is one for each instrumentation library.
const MOST: usize = 16;

/// The globals for one scope as a thread last read them: no call takes a lock for them.
#[derive(Debug)]
pub(super) struct ActiveGlobals {
    scope: &'static InstrumentationScope,
    /// `None` if the provider is not ours, or has shut down: then the API has to be used.
    pub(super) tracer: Option<Tracer>,
    /// `None` if the meter provider is not ours.
    meters: Option<Meters>,
    /// `None` if metrics are not exported.
    pub(super) instruments: Option<Arc<Instruments>>,
    /// `true` if the global propagators are the usual ones.
    pub(super) are_propagators_usual: bool,
}

thread_local! {
    static LAST: RefCell<Vec<Snapshot<Rc<ActiveGlobals>>>> = const { RefCell::new(Vec::new()) };
}

impl ActiveGlobals {
    /// The globals for `scope`.
    #[inline]
    pub(super) fn of(scope: &'static InstrumentationScope, now: Moment) -> Rc<Self> {
        let fresh = |last: &RefCell<Vec<Snapshot<Rc<Self>>>>| {
            let last = last.borrow();
            let globals = last.iter().find(|last| std::ptr::eq(last.value().scope, scope))?.fresh(now)?;
            globals.tracer.as_ref().is_none_or(|tracer| !tracer.is_shut_down()).then(|| Rc::clone(globals))
        };
        // There is no last snapshot while the thread ends.
        LAST.try_with(fresh).ok().flatten().unwrap_or_else(|| Self::read(scope, now))
    }

    /// Reads the globals. Nothing is borrowed meanwhile, because the code of another provider may make calls itself.
    #[cold]
    fn read(scope: &'static InstrumentationScope, now: Moment) -> Rc<Self> {
        let take = |last: &RefCell<Vec<Snapshot<Rc<Self>>>>| {
            let mut last = last.borrow_mut();
            let known = last.iter().position(|last| std::ptr::eq(last.value().scope, scope));
            known.or_else(|| (last.len() >= MOST).then_some(0)).map(|at| last.swap_remove(at))
        };
        let last = LAST.try_with(take).ok().flatten();
        let last = last.as_ref().map(Snapshot::value).filter(|last| std::ptr::eq(last.scope, scope));
        let meters = global_meters();
        export_pools();
        let instruments = match (&meters, last) {
            (Some(Meters::Nowhere), _) => None,
            // The same provider as before: its bound instruments stay valid.
            (Some(now), Some(last)) if last.meters.as_ref() == Some(now) => last.instruments.clone(),
            _ => Some(Arc::new(Instruments::of(&global::meter_with_scope(scope.clone()), meters.is_some()))),
        };
        let tracer = active_tracer(last.and_then(|last| last.tracer.as_ref()), || scope.clone());
        let globals = Rc::new(Self { scope, tracer, meters, instruments, are_propagators_usual: are_usual() });
        let _ = LAST.try_with(|last| last.borrow_mut().push(Snapshot::new(Rc::clone(&globals), now)));
        globals
    }
}
