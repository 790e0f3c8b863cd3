//! `OTEL_BSP_*` and `OTEL_BLRP_*`: how finished spans and log records are queued and sent.

use std::time::Duration;

use super::problem::Problem;
use super::source::Source;

/// Most items that may wait: the queue is allocated at start.
const LONGEST_QUEUE: usize = 1_000_000;

const QUEUE: usize = 2048;
const BATCH: usize = 512;

/// Settings of a batch processor: `OTEL_BSP_…` for spans, `OTEL_BLRP_…` for log records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchSettings {
    /// `…_SCHEDULE_DELAY`: longest time an item waits. `None`: unset, the exporter's default counts.
    pub schedule_delay: Option<Duration>,
    /// `…_EXPORT_TIMEOUT`: longest time for one batch. `None`: unset, the exporter's own timeout counts.
    pub export_timeout: Option<Duration>,
    /// `…_MAX_QUEUE_SIZE`: items that may wait; more are dropped.
    pub max_queue_size: usize,
    /// `…_MAX_EXPORT_BATCH_SIZE`: items sent at once, at most `max_queue_size`.
    pub max_export_batch_size: usize,
}

impl Default for BatchSettings {
    fn default() -> Self {
        Self { schedule_delay: None, export_timeout: None, max_queue_size: QUEUE, max_export_batch_size: BATCH }
    }
}

impl BatchSettings {
    /// The settings whose variables start with `prefix`.
    pub(super) fn read(source: &mut Source<'_>, prefix: &str) -> Self {
        let variable = |name| format!("{prefix}{name}");
        let (queue, batch_size) = (variable("MAX_QUEUE_SIZE"), variable("MAX_EXPORT_BATCH_SIZE"));
        let max_queue_size = source.number(&queue, 1..=LONGEST_QUEUE, QUEUE).unwrap_or(QUEUE);
        let default_batch = max_queue_size.min(BATCH);
        let mut batch = source.number(&batch_size, 1..=LONGEST_QUEUE, default_batch).unwrap_or(default_batch);
        if batch > max_queue_size {
            let reason = "larger than the queue";
            source.report(Problem::new(batch_size, batch.to_string(), reason, max_queue_size));
            batch = max_queue_size;
        }
        Self {
            schedule_delay: source.optional_millis(&variable("SCHEDULE_DELAY"), "the exporter's own delay"),
            export_timeout: source.optional_millis(&variable("EXPORT_TIMEOUT"), "the exporter's own timeout"),
            max_queue_size,
            max_export_batch_size: batch,
        }
    }
}
