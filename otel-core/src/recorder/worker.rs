//! The thread that exports.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

use super::batch::Batch;
use super::commands::{Commands, End};
use super::exporter::RecordExporter;
use super::queue::Queue;
use super::shard::Shard;
use crate::self_log;

/// Between two reports of spans that found no place.
const PAUSE: Duration = Duration::from_secs(60 * 60);

/// What became of the spans that were taken from the queue.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    /// Spans that the exporter took.
    pub(crate) succeeded: AtomicU64,
    /// Spans that it failed to hand on.
    pub(crate) failed: AtomicU64,
    /// Spans that it has been given and has not answered for.
    pub(crate) in_flight: AtomicUsize,
}

/// Takes from one queue and gives to one exporter.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) queue: Arc<Queue<Shard>>,
    pub(super) batch: Batch,
    pub(super) exporter: Box<dyn RecordExporter>,
    pub(super) exported: Arc<Exported>,
    pub(super) commands: Arc<Commands>,
    /// Longest time that a span waits.
    pub(super) delay: Duration,
    /// Spans per export.
    pub(super) most: usize,
    /// What reports call the exporter.
    pub(super) destination: String,
}

impl Worker {
    pub(super) fn run(mut self) {
        // The exporter's own work leaves no telemetry.
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let mut reported = Reported::default();
        loop {
            let is_due = self.sleep();
            let mut asked = self.commands.take();
            if !asked.flushes.is_empty() {
                let result = self.export_all().and(caught(|| self.exporter.force_flush()));
                asked.answer_flushes(&result);
            }
            if let Some(End { timeout, answer }) = asked.end {
                let result = self.end(timeout);
                // Nobody waits any more.
                let _ = answer.map(|answer| answer.send(result));
                return;
            }
            // How that went, the exporter tells. One batch at a time: somebody may ask for something meanwhile.
            if is_due {
                let _ = self.export_all();
            } else if self.queue.is_worth_waking() {
                let _ = self.export();
            }
            if reported.is_news(Instant::now(), self.queue.dropped()) {
                self.tell_dropped();
            }
        }
    }

    fn tell_dropped(&self) {
        self_log::warn(format_args!(
            "spans dropped on the way to {} so far: {}; its queue is full (OTEL_BSP_MAX_QUEUE_SIZE, OTEL_BSP_SCHEDULE_DELAY)",
            self.destination,
            self.queue.dropped()
        ));
    }

    fn end(&mut self, timeout: Duration) -> OTelSdkResult {
        self.queue.close();
        let result = self.export_all();
        caught(|| self.exporter.shut_down(timeout)).and(result)
    }

    /// Sleeps until a batch is complete, somebody calls, or spans have waited long enough. Whether the last is so.
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
            // A call, or a batch; or neither, for threads may wake without reason.
            if start.elapsed() < self.delay {
                break false;
            }
        };
        self.queue.woke();
        is_due
    }

    /// Exports all that waits now, whatever comes meanwhile.
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
        if self.batch.held() < self.most {
            self.batch.collect(&self.queue);
        }
        self.export_held()
    }

    /// Exports one batch of those that were taken out. `None`: there are none.
    fn export_held(&mut self) -> Option<OTelSdkResult> {
        let spans = self.batch.advance(self.most);
        if spans == 0 {
            return None;
        }
        // In this order: who looks in between sees them twice, not never.
        self.exported.in_flight.store(spans, Ordering::Release);
        self.queue.taken(spans);
        let result = caught(|| self.exporter.export(&mut self.batch));
        let failed = result.as_ref().map_or(spans as u64, |received| received.rejected.min(spans as u64));
        self.exported.failed.fetch_add(failed, Ordering::Release);
        self.exported.succeeded.fetch_add(spans as u64 - failed, Ordering::Release);
        self.exported.in_flight.store(0, Ordering::Release);
        self.batch.release();
        Some(result.map(drop))
    }
}

impl Drop for Worker {
    /// However the thread ends, or if it never started: what waits and what comes is counted.
    fn drop(&mut self) {
        self.queue.close();
        let mut spans = self.batch.abandon();
        self.queue.visit(|shard| spans += std::mem::take(shard).len());
        self.queue.drop_taken(spans);
        self.commands.close();
    }
}

/// An exporter that panics has failed, and is asked again.
fn caught<T>(call: impl FnOnce() -> Result<T, OTelSdkError>) -> Result<T, OTelSdkError> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err(OTelSdkError::InternalFailure("the exporter panicked".to_owned())))
}

/// What has been told of spans that found no place: the first at once, then no more than once in an hour that there are
/// twice as many. All of them are told at the end.
#[derive(Debug, Default)]
struct Reported {
    dropped: u64,
    last: Option<Instant>,
}

impl Reported {
    fn is_news(&mut self, now: Instant, dropped: u64) -> bool {
        let is_time = self.last.is_none_or(|last| now.duration_since(last) >= PAUSE);
        let is_news = is_time && dropped > self.dropped.saturating_mul(2);
        if is_news {
            *self = Self { dropped, last: Some(now) };
        }
        is_news
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

    /// Says what it is told to say of each batch.
    #[derive(Debug)]
    struct Saying(Received);

    impl RecordExporter for Saying {
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
    fn an_overload_is_told_once_and_again_when_it_has_grown() {
        let mut reported = Reported::default();
        let start = Instant::now();
        let mut is_news = |seconds, dropped| reported.is_news(start + Duration::from_secs(seconds), dropped);
        assert!(!is_news(0, 0));
        assert!(is_news(1, 5), "at once");
        assert!(!is_news(2, 1000), "it goes on");
        assert!(is_news(3601, 2000));
        assert!(!is_news(9000, 4000), "little more");
        assert!(is_news(9001, 4001));
    }

    #[test]
    fn what_a_destination_rejects_counts_as_failed() {
        for (rejected, succeeded, failed) in [(0, 3, 0), (2, 1, 2), (u64::MAX, 0, 3)] {
            let exporter = Saying(Received { rejected, remark: String::new() });
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
