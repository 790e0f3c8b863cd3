//! The thread that exports.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

use super::batch::Batch;
use super::commands::{Commands, EndCommand};
use super::exporter::{RecordExporter, panicked};
use super::queue::Queue;
use super::shard::Shard;
use crate::panics::caught;
use crate::self_log;

/// The least time between two reports of dropped spans.
const REPORT_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Counts of the spans that were taken from the queue.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    /// Spans that the exporter exported.
    pub(crate) succeeded: AtomicU64,
    /// Spans that it failed to export.
    pub(crate) failed: AtomicU64,
    /// Spans of the export that is under way.
    pub(crate) in_flight: AtomicUsize,
}

/// The thread of one exporter: takes spans from its queue.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) queue: Arc<Queue<Shard>>,
    pub(super) batch: Batch,
    pub(super) exporter: Box<dyn RecordExporter>,
    pub(super) exported: Arc<Exported>,
    pub(super) commands: Arc<Commands>,
    /// The longest time that a span waits.
    pub(super) delay: Duration,
    /// The most spans per export.
    pub(super) max_batch: usize,
    /// The exporter's name in reports.
    pub(super) destination: String,
}

impl Worker {
    pub(super) fn run(mut self) {
        // The exporter's own work must leave no telemetry: it would be exported in turn.
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        let mut drop_report = DropReport::default();
        loop {
            let is_due = self.sleep();
            let mut pending = self.commands.take();
            if !pending.flushes.is_empty() {
                let result = self.export_all().and(called(|| self.exporter.force_flush()));
                pending.answer_flushes(&result);
            }
            if let Some(EndCommand { timeout, answer }) = pending.end {
                let result = self.end(timeout);
                // Fails if the caller stopped waiting.
                let _ = answer.map(|answer| answer.send(result));
                return;
            }
            // The exporter reports failures itself. Without a reason to hurry, one batch at a time: commands may come meanwhile.
            if is_due {
                let _ = self.export_all();
            } else if self.queue.is_worth_waking() {
                let _ = self.export();
            }
            if drop_report.take_due(Instant::now(), self.queue.dropped()) {
                self.report_drops();
            }
        }
    }

    fn report_drops(&self) {
        self_log::warn(format_args!(
            "spans for {} dropped so far: {}; the queue is full (OTEL_BSP_MAX_QUEUE_SIZE, OTEL_BSP_SCHEDULE_DELAY)",
            self.destination,
            self.queue.dropped()
        ));
    }

    fn end(&mut self, timeout: Duration) -> OTelSdkResult {
        self.queue.close();
        let result = self.export_all();
        called(|| self.exporter.shut_down(timeout)).and(result)
    }

    /// Sleeps until a batch is complete, a command comes, or the delay is over. Returns `true` in the last case.
    fn sleep(&self) -> bool {
        let start = Instant::now();
        let is_due = loop {
            let left = self.delay.saturating_sub(start.elapsed());
            if left.is_zero() {
                break true;
            }
            if !self.queue.may_sleep() {
                break false;
            }
            thread::park_timeout(left);
            // A command or a batch; or neither, because threads may wake without reason.
            if start.elapsed() < self.delay {
                break false;
            }
        };
        self.queue.woke();
        is_due
    }

    /// Exports all spans that wait now. Spans that end meanwhile are not waited for.
    fn export_all(&mut self) -> OTelSdkResult {
        self.batch.collect(&self.queue);
        let mut result = Ok(());
        while let Some(exported) = self.export_held() {
            result = result.and(exported);
        }
        result
    }

    /// Exports one batch.
    fn export(&mut self) -> Option<OTelSdkResult> {
        if self.batch.held() < self.max_batch {
            self.batch.collect(&self.queue);
        }
        self.export_held()
    }

    /// Exports one batch of the spans that were taken out of the queue. `None` if there are none.
    fn export_held(&mut self) -> Option<OTelSdkResult> {
        let spans = self.batch.advance(self.max_batch);
        if spans == 0 {
            return None;
        }
        // In this order, a concurrent count may have the spans twice, but never misses them.
        self.exported.in_flight.store(spans, Ordering::Release);
        self.queue.taken(spans);
        let result = called(|| self.exporter.export(&mut self.batch));
        let failed = result.as_ref().map_or(spans as u64, |received| received.rejected.min(spans as u64));
        self.exported.failed.fetch_add(failed, Ordering::Release);
        self.exported.succeeded.fetch_add(spans as u64 - failed, Ordering::Release);
        self.exported.in_flight.store(0, Ordering::Release);
        self.batch.release();
        Some(result.map(drop))
    }
}

impl Drop for Worker {
    /// Counts spans that wait or come later as dropped, even if the thread panicked or never started.
    fn drop(&mut self) {
        self.queue.close();
        let mut spans = self.batch.abandon();
        self.queue.visit(|shard| spans += std::mem::take(shard).len());
        self.queue.drop_taken(spans);
        self.commands.close();
    }
}

/// Calls the exporter. A panic is a failed call, and the exporter is used again.
fn called<T>(call: impl FnOnce() -> Result<T, OTelSdkError>) -> Result<T, OTelSdkError> {
    caught(call).unwrap_or_else(|| Err(panicked()))
}

/// The last report of dropped spans. The first one is made at once, the next when their number has doubled and an hour is
/// over. Shutdown reports the total.
#[derive(Debug, Default)]
struct DropReport {
    dropped: u64,
    at: Option<Instant>,
}

impl DropReport {
    /// Returns `true` if a report is due now, and remembers it.
    fn take_due(&mut self, now: Instant, dropped: u64) -> bool {
        let is_time = self.at.is_none_or(|last| now.duration_since(last) >= REPORT_INTERVAL);
        let is_due = is_time && dropped > self.dropped.saturating_mul(2);
        if is_due {
            *self = Self { dropped, at: Some(now) };
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{Tracer as _, TracerProvider as _};
    use opentelemetry_sdk::Resource;

    use super::super::TracerProvider;
    use super::super::exporter::Received;
    use super::*;
    use crate::config::SpanLimitSettings;

    /// Answers each batch with the same response.
    #[derive(Debug)]
    struct Answering(Received);

    impl RecordExporter for Answering {
        fn export(&mut self, _: &mut Batch) -> Result<Received, OTelSdkError> {
            Ok(self.0.clone())
        }

        fn force_flush(&mut self) -> OTelSdkResult {
            Ok(())
        }

        fn shut_down(&mut self, _: Duration) -> OTelSdkResult {
            Ok(())
        }

        fn set_resource(&mut self, _: &Resource) {}

        fn set_limits(&mut self, _: SpanLimitSettings) {}
    }

    #[test]
    fn an_overload_is_reported_once_and_again_when_it_has_grown() {
        let mut report = DropReport::default();
        let start = Instant::now();
        let mut is_due = |seconds, dropped| report.take_due(start + Duration::from_secs(seconds), dropped);
        assert!(!is_due(0, 0));
        assert!(is_due(1, 5), "at once");
        assert!(!is_due(2, 1000), "it goes on");
        assert!(is_due(3601, 2000));
        assert!(!is_due(9000, 4000), "little more");
        assert!(is_due(9001, 4001));
    }

    #[test]
    fn what_a_destination_rejects_counts_as_failed() {
        for (rejected, succeeded, failed) in [(0, 3, 0), (2, 1, 2), (u64::MAX, 0, 3)] {
            let exporter = Answering(Received { rejected, remark: String::new() });
            let provider =
                TracerProvider::builder().with_record_exporter(Box::new(exporter), "test".to_owned()).build();
            (0..3).for_each(|_| drop(provider.tracer("test").start("span")));
            assert!(provider.force_flush().is_ok());
            let counts = &provider.branches()[0].exported;
            assert_eq!(counts.succeeded.load(Ordering::Acquire), succeeded);
            assert_eq!(counts.failed.load(Ordering::Acquire), failed);
        }
    }
}
