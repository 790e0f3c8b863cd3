//! The telemetry of the tests of a process, by trace.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::trace::TraceId;
use opentelemetry_sdk::trace::SpanData;

use super::LogData;
use super::metric::Measurement;

/// The telemetry of one trace.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) spans: Vec<SpanData>,
    pub(super) logs: Vec<LogData>,
    pub(super) measurements: Vec<Measurement>,
}

/// The traces of tests that are running. Telemetry of other traces is not kept.
#[derive(Debug, Default)]
pub(super) struct Store {
    state: Mutex<StoreState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct StoreState {
    traces: HashMap<TraceId, Recorded>,
    /// The number of additions.
    version: u64,
}

impl Store {
    pub(super) fn open(&self, trace: TraceId) {
        self.lock().traces.entry(trace).or_default();
    }

    pub(super) fn close(&self, trace: TraceId) {
        self.lock().traces.remove(&trace);
    }

    pub(super) fn add(&self, trace: TraceId, add: impl FnOnce(&mut Recorded)) {
        let mut state = self.lock();
        if let Some(recorded) = state.traces.get_mut(&trace) {
            add(recorded);
            state.version += 1;
            self.changed.notify_all();
        }
    }

    pub(super) fn read<R: Default>(&self, trace: TraceId, read: impl FnOnce(&Recorded) -> R) -> R {
        self.lock().traces.get(&trace).map(read).unwrap_or_default()
    }

    /// Evaluates `question` whenever something was added, until it returns `true` or `timeout` is over. Returns the last
    /// answer. The question may read the store.
    pub(super) fn wait(&self, timeout: Duration, mut question: impl FnMut() -> bool) -> bool {
        let until = Instant::now().checked_add(timeout);
        loop {
            let before = self.lock().version;
            if question() {
                return true;
            }
            let left = until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return false;
            }
            let unchanged = |state: &mut StoreState| state.version == before;
            drop(self.changed.wait_timeout_while(self.lock(), left, unchanged));
        }
    }

    /// The panic of a test that held the lock is no reason to fail the others.
    fn lock(&self) -> MutexGuard<'_, StoreState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
