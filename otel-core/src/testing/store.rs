//! Finished spans, shared by all tests of a process.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry::trace::TraceId;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    shared: Arc<(Mutex<Vec<SpanData>>, Condvar)>,
}

impl Store {
    pub(super) fn of_trace(&self, trace: TraceId) -> Vec<SpanData> {
        select(&self.lock(), trace)
    }

    pub(super) fn wait_for(&self, trace: TraceId, count: usize, timeout: Duration) -> Vec<SpanData> {
        let too_few = |spans: &mut Vec<SpanData>| spans.iter().filter(|span| is_of(span, trace)).count() < count;
        let waited = self.shared.1.wait_timeout_while(self.lock(), timeout, too_few);
        select(&waited.unwrap_or_else(PoisonError::into_inner).0, trace)
    }

    pub(super) fn forget(&self, trace: TraceId) {
        self.lock().retain(|span| !is_of(span, trace));
    }

    /// A test that failed while it held the lock is no reason to fail the others.
    fn lock(&self) -> MutexGuard<'_, Vec<SpanData>> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SpanExporter for Store {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.lock().extend(batch);
        self.shared.1.notify_all();
        Ok(())
    }
}

fn is_of(span: &SpanData, trace: TraceId) -> bool {
    span.span_context.trace_id() == trace
}

fn select(spans: &[SpanData], trace: TraceId) -> Vec<SpanData> {
    let mut spans: Vec<_> = spans.iter().filter(|span| is_of(span, trace)).cloned().collect();
    spans.sort_by_key(|span| span.start_time);
    spans
}
