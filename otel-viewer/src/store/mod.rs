//! The kept data: traces within a bound in bytes, the running requests, and durations per route.
//!
//! | module | one idea |
//! |---|---|
//! | `trace` | the spans and log records of one trace |
//! | `origins` | resources and scopes, kept once however many spans share them |
//! | `traces` | the traces; the oldest is dropped first |
//! | `running` | spans that have started and have not arrived |
//! | `routes` | rate, errors and durations per route, from the metrics |
//! | `durations` | the usual durations of a route |
//! | `query` | the selection and order of a list |
//! | `list`, `document` | a list of traces, and one trace, as JSON |

mod document;
mod durations;
mod list;
mod origins;
mod query;
mod routes;
mod running;
#[cfg(test)]
mod tests;
mod trace;
mod traces;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::otlp::{Malformed, SpanHead, TraceId, duration_points, items, trace_of_log};
pub use running::RunningSpan;

pub(crate) use query::Query;

/// Everything that arrived and fits. Each method takes a lock for a short time.
#[derive(Debug)]
pub(crate) struct Store {
    traces: Mutex<traces::Traces>,
    routes: Mutex<routes::Routes>,
    running: running::RunningSpans,
    /// Grows with every change.
    version: AtomicU64,
}

impl Store {
    /// Keeps at most `limit` bytes. Running spans belong to `service`.
    pub(crate) fn new(limit: usize, service: &str) -> Self {
        Self {
            traces: Mutex::new(traces::Traces::new(limit)),
            routes: Mutex::default(),
            running: running::RunningSpans::new(service),
            version: AtomicU64::new(0),
        }
    }

    /// Keeps the spans of an `ExportTraceServiceRequest`. A malformed request is dropped as a whole.
    pub(crate) fn add_spans(&self, request: &[u8]) -> Result<(), Malformed> {
        let mut read = Vec::new();
        for (origin, spans) in items(request)? {
            let spans: Result<Vec<_>, _> = spans.into_iter().map(|span| Ok((SpanHead::read(span)?, span))).collect();
            read.push((origin, spans?));
        }
        let mut traces = lock(&self.traces);
        for (origin, spans) in read {
            let origin = traces.origin(origin);
            for (head, span) in spans {
                self.running.arrived(head.span_id);
                traces.add_span(&origin, head, span);
            }
            traces.release(&origin);
        }
        drop(traces);
        self.changed();
        Ok(())
    }

    /// Keeps the log records of an `ExportLogsServiceRequest` that belong to a trace.
    pub(crate) fn add_logs(&self, request: &[u8]) -> Result<(), Malformed> {
        let mut read = Vec::new();
        for (origin, records) in items(request)? {
            let ids: Result<Vec<_>, _> = records.iter().map(|record| trace_of_log(record)).collect();
            read.push((origin, records, ids?));
        }
        let mut traces = lock(&self.traces);
        for (origin, records, ids) in read {
            let origin = traces.origin(origin);
            for (id, record) in ids.into_iter().zip(records) {
                if let Some(id) = id {
                    traces.add_log(&origin, id, record);
                }
            }
            traces.release(&origin);
        }
        drop(traces);
        self.changed();
        Ok(())
    }

    /// Adds the request durations of an `ExportMetricsServiceRequest`.
    pub(crate) fn add_metrics(&self, request: &[u8]) -> Result<(), Malformed> {
        let mut read = Vec::new();
        for (origin, metrics) in items(request)? {
            let points: Vec<_> = metrics.into_iter().flat_map(duration_points).collect();
            if !points.is_empty() {
                read.push((origin, points));
            }
        }
        let mut routes = lock(&self.routes);
        for (origin, points) in read {
            routes.add(&origin.service(), points);
        }
        drop(routes);
        self.changed();
        Ok(())
    }

    /// Remembers a span that has started.
    pub(crate) fn started(&self, span: RunningSpan) {
        self.running.started(span);
        self.changed();
    }

    /// Records the end of a span, which soon arrives if it is exported at all.
    pub(crate) fn ended(&self, span_id: [u8; 8]) {
        self.running.ended(span_id);
        self.changed();
    }

    /// The number of the last change.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    fn changed(&self) {
        self.version.fetch_add(1, Ordering::Release);
    }

    /// The running requests, and the traces that `query` selects.
    pub(crate) fn list(&self, query: &Query) -> Value {
        let version = self.version();
        let running = self.running.roots();
        list::list(&lock(&self.traces), running, self.running.service(), query, version)
    }

    /// One trace as OTLP/JSON, its running spans included. `None` if nothing of it is kept.
    pub(crate) fn trace(&self, id: TraceId) -> Option<String> {
        let running = self.running.of_trace(id);
        document::document(lock(&self.traces).get(id), &running, self.running.origin())
    }

    /// The table of routes.
    pub(crate) fn routes(&self) -> Value {
        lock(&self.routes).to_json()
    }

    /// Forgets all traces.
    pub(crate) fn clear(&self) {
        lock(&self.traces).clear();
        self.changed();
    }

    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        lock(&self.traces).bytes()
    }
}

/// Nanoseconds since 1970.
fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
}

/// A panic while the lock was held leaves the data usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
