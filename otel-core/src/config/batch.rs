//! `OTEL_BSP_*`: how finished spans are queued and sent.

use std::time::Duration;

use super::problem::Problem;
use super::source::Source;

/// Most spans that may wait: the queue is allocated at start.
const LONGEST_QUEUE: usize = 1_000_000;

/// Settings of a batch processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchSettings {
    /// `OTEL_BSP_SCHEDULE_DELAY`: longest time a finished span waits. `None`: unset, the exporter's default counts.
    pub schedule_delay: Option<Duration>,
    /// `OTEL_BSP_EXPORT_TIMEOUT`: longest time for one batch. `None`: unset, the exporter's own timeout counts.
    pub export_timeout: Option<Duration>,
    /// `OTEL_BSP_MAX_QUEUE_SIZE`: spans that may wait; more are dropped.
    pub max_queue_size: usize,
    /// `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`: spans sent at once, at most `max_queue_size`.
    pub max_export_batch_size: usize,
}

impl BatchSettings {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        const BATCH: &str = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";
        let max_queue_size = source.number("OTEL_BSP_MAX_QUEUE_SIZE", 1..=LONGEST_QUEUE, 2048).unwrap_or(2048);
        let default_batch = max_queue_size.min(512);
        let mut batch = source.number(BATCH, 1..=LONGEST_QUEUE, default_batch).unwrap_or(default_batch);
        if batch > max_queue_size {
            let reason = "larger than OTEL_BSP_MAX_QUEUE_SIZE";
            source.report(Problem::new(BATCH, batch.to_string(), reason, max_queue_size));
            batch = max_queue_size;
        }
        Self {
            schedule_delay: source.optional_millis("OTEL_BSP_SCHEDULE_DELAY", "the exporter's own delay"),
            export_timeout: source.optional_millis("OTEL_BSP_EXPORT_TIMEOUT", "the exporter's own timeout"),
            max_queue_size,
            max_export_batch_size: batch,
        }
    }
}
