//! Instruments whose attributes have been looked up: one per route, method and status, found again by what is the same for
//! all requests of a route.

use super::{Instruments, Outcome, RequestMetrics};
use crate::http::error_type::ErrorType;
use foldhash::fast::FixedState;
use opentelemetry::metrics::{BoundHistogram, BoundUpDownCounter};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Series that a thread keeps at most. The SDK folds what exceeds 2,000 into one, and requests that find no place here
/// are measured by their attributes.
const MOST: usize = 1000;

thread_local! {
    static SERIES: RefCell<Series> = const { RefCell::new(Series::new()) };
}

/// The series of one thread.
#[derive(Debug)]
struct Series {
    /// Whose they are.
    instruments: Option<Arc<Instruments>>,
    durations: HashMap<Key, Bound, FixedState>,
    /// By method and scheme; a handful.
    active: Vec<(&'static str, &'static str, BoundUpDownCounter<i64>)>,
}

/// What tells series apart. Texts are compared by their place: methods and schemes are part of the program or of the
/// settings, and a route is shared by all its requests on a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    method: usize,
    scheme: usize,
    version: usize,
    route: usize,
    status: Option<u16>,
    error_type: Option<ErrorType>,
    /// Which bodies have a size.
    bodies: (bool, bool),
}

#[derive(Debug)]
struct Bound {
    duration: Option<BoundHistogram<f64>>,
    old_duration: Option<BoundHistogram<f64>>,
    request_body_size: Option<BoundHistogram<u64>>,
    response_body_size: Option<BoundHistogram<u64>>,
    /// Kept, so that no other route comes to its place.
    _route: Option<Arc<str>>,
}

impl Series {
    const fn new() -> Self {
        Self { instruments: None, durations: HashMap::with_hasher(FixedState::with_seed(0)), active: Vec::new() }
    }

    /// Starts over where another provider was installed.
    fn of(&mut self, instruments: &Arc<Instruments>) -> &mut Self {
        if !self.instruments.as_ref().is_some_and(|known| Arc::ptr_eq(known, instruments)) {
            *self = Self { instruments: Some(Arc::clone(instruments)), ..Self::new() };
        }
        self
    }
}

fn place(text: &str) -> usize {
    text.as_ptr().addr()
}

/// Records by a series. Whether there is one.
pub(super) fn record(metrics: &RequestMetrics, outcome: &Outcome<'_>) -> bool {
    let key = Key {
        method: place(metrics.method),
        scheme: place(metrics.scheme),
        version: place(metrics.version),
        route: outcome.route.map_or(0, |route| place(route)),
        status: outcome.status,
        error_type: outcome.error_type,
        bodies: (outcome.request_body.is_some(), outcome.response_body.is_some()),
    };
    let recorded = SERIES.try_with(|series| {
        let Ok(mut series) = series.try_borrow_mut() else { return false };
        let series = series.of(&metrics.instruments);
        if !series.durations.contains_key(&key) {
            if series.durations.len() >= MOST {
                return false;
            }
            series.durations.insert(key, Bound::new(metrics, outcome));
        }
        series.durations.get(&key).is_some_and(|bound| {
            bound.record(outcome);
            true
        })
    });
    recorded.unwrap_or(false)
}

/// Counts active requests by a series. Whether there is one.
pub(super) fn count_active(metrics: &RequestMetrics, by: i64) -> bool {
    let counted = SERIES.try_with(|series| {
        let Ok(mut series) = series.try_borrow_mut() else { return false };
        let series = series.of(&metrics.instruments);
        let known = |(method, scheme, _): &&(&str, &str, _)| {
            std::ptr::eq(*method, metrics.method) && std::ptr::eq(*scheme, metrics.scheme)
        };
        if let Some((_, _, counter)) = series.active.iter().find(known) {
            counter.add(by);
            return true;
        }
        if series.active.len() >= MOST {
            return false;
        }
        let counter = metrics.instruments.active_requests.bind(&metrics.active_attributes());
        counter.add(by);
        series.active.push((metrics.method, metrics.scheme, counter));
        true
    });
    counted.unwrap_or(false)
}

impl Bound {
    fn new(metrics: &RequestMetrics, outcome: &Outcome<'_>) -> Self {
        let Instruments { duration, old_duration, request_body_size, response_body_size, .. } = &*metrics.instruments;
        let stable = metrics.is_stable().then(|| metrics.stable(outcome));
        let stable = stable.as_deref();
        Self {
            duration: stable.map(|attributes| duration.bind(attributes)),
            old_duration: metrics.is_old().then(|| old_duration.bind(&metrics.old(outcome))),
            request_body_size: stable
                .filter(|_| outcome.request_body.is_some())
                .map(|attributes| request_body_size.bind(attributes)),
            response_body_size: stable
                .filter(|_| outcome.response_body.is_some())
                .map(|attributes| response_body_size.bind(attributes)),
            _route: outcome.route.cloned(),
        }
    }

    fn record(&self, outcome: &Outcome<'_>) {
        if let Some(duration) = &self.duration {
            duration.record(outcome.duration.as_secs_f64());
        }
        if let Some(duration) = &self.old_duration {
            duration.record(outcome.duration.as_secs_f64() * 1e3);
        }
        if let (Some(size), Some(bytes)) = (&self.request_body_size, outcome.request_body) {
            size.record(bytes);
        }
        if let (Some(size), Some(bytes)) = (&self.response_body_size, outcome.response_body) {
            size.record(bytes);
        }
    }
}
