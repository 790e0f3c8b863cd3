//! The providers that `init` builds, and their shutdown.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;

use super::deadline::{self, PendingWork};
use super::destinations::Destinations;
use crate::exporter::counts::Counts;
use crate::findings::Finding;
use crate::recorder::TracerProvider;
use crate::self_log;

/// The time for which one signal is awaited before the shutdown of the next one starts.
const HEAD_START: Duration = Duration::from_millis(250);

/// The providers and their destinations.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    pub(super) traces: TracerProvider,
    pub(super) logs: Option<Logs>,
    pub(super) metrics: Option<Metrics>,
    pub(super) destinations: Destinations,
}

/// The logger provider, and the exporters of its records.
#[derive(Clone, Debug)]
pub(super) struct Logs {
    pub(super) provider: SdkLoggerProvider,
    pub(super) destinations: Vec<Destination>,
}

/// The meter provider, and the names of its exporters.
#[derive(Clone, Debug)]
pub(super) struct Metrics {
    pub(super) provider: SdkMeterProvider,
    pub(super) destinations: Vec<String>,
}

/// One exporter of a signal whose items are queued.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    pub(super) name: String,
    pub(super) counts: Arc<Counts>,
}

impl Pipeline {
    /// Exports all queued telemetry. Returns `true` if that succeeded in time.
    pub(crate) fn flush(&self, allowed: Duration) -> bool {
        self.try_flush(allowed).unwrap_or(false)
    }

    /// Exports all queued telemetry. Returns `true` if that succeeded, `None` if it is not done yet.
    pub(crate) fn try_flush(&self, allowed: Duration) -> Option<bool> {
        let Self { traces, logs, metrics, .. } = self.clone();
        let flushed = deadline::within(allowed, move || {
            let spans = traces.force_flush_within(allowed);
            let records = logs.map_or(Ok(()), |logs| logs.provider.force_flush());
            let metrics = metrics.map_or(Ok(()), |metrics| metrics.provider.force_flush());
            spans.and(records).and(metrics)
        })?;
        Some(flushed.is_ok())
    }

    /// The number of log records so far, for each destination, for [`lost`](Self::lost).
    pub(crate) fn ended(&self) -> Vec<u64> {
        self.log_destinations().map(|destination| destination.counts.ended()).collect()
    }

    /// The losses so far. Of log records, only the records that `ended` counts.
    pub(crate) fn lost(&self, ended: &[u64]) -> Vec<Finding> {
        let finding = |items, queue, destination: &str, count| {
            let destination = destination.to_owned();
            (count > 0).then_some(Finding::Lost { items, count, destination, queue: Some(queue) })
        };
        let mut lost = Vec::new();
        for branch in self.traces.branches() {
            let dropped = branch.queue.dropped();
            lost.extend(finding("spans", "OTEL_BSP_MAX_QUEUE_SIZE", &branch.destination, dropped));
        }
        for (Destination { name, counts }, ended) in self.log_destinations().zip(ended) {
            lost.extend(finding("log records", "OTEL_BLRP_MAX_QUEUE_SIZE", name, counts.outstanding_of(*ended)));
        }
        lost.extend(self.destinations.lost());
        lost
    }

    /// The destinations to which the last export of a signal failed.
    pub(crate) fn failing(&self) -> Vec<Finding> {
        self.destinations.failing()
    }

    fn log_destinations(&self) -> impl Iterator<Item = &Destination> {
        self.logs.as_ref().map_or(&[][..], |logs| &logs.destinations).iter()
    }

    /// Exports all queued telemetry, shuts the providers down, and reports losses.
    ///
    /// Metrics come last, so that they include the exports of the other signals. A signal whose collector does not
    /// answer delays the next one by [`HEAD_START`] only, and the caller until `allowed` at most.
    pub(super) fn shut_down(self, allowed: Duration) {
        let Self { traces, logs, metrics, destinations } = self;
        destinations.hold_back(allowed);
        let deadline = deadline::Deadline::after(allowed);
        // The SDK's own limit is the longer one, so that ours ends first and this function reports it.
        let inner = allowed.saturating_mul(2);
        let provider = traces.clone();
        let mut spans = PendingWork::start(move || provider.shutdown_with_timeout(inner));
        spans.wait(deadline.within(HEAD_START));
        let mut records = logs.as_ref().map(|logs| {
            let provider = logs.provider.clone();
            PendingWork::start(move || provider.shutdown_with_timeout(inner))
        });
        if let Some(records) = &mut records {
            records.wait(deadline.within(HEAD_START));
        }
        let mut measurements = metrics.as_ref().map(|metrics| {
            let provider = metrics.provider.clone();
            PendingWork::start(move || provider.shutdown_with_timeout(inner))
        });
        spans.wait(deadline.end());
        if let Some(records) = &mut records {
            records.wait(deadline.end());
        }
        if let Some(measurements) = &mut measurements {
            measurements.wait(deadline.end());
        }

        destinations.report_rest();
        for branch in traces.branches() {
            let answered = spans.result().is_some();
            report_lost("spans", "OTEL_BSP_MAX_QUEUE_SIZE", &branch.destination, branch.lost(), answered, allowed);
        }
        if let (Some(logs), Some(records)) = (logs, records) {
            for Destination { name, counts } in &logs.destinations {
                let (answered, lost) = (records.result().is_some(), counts.outstanding());
                report_lost("log records", "OTEL_BLRP_MAX_QUEUE_SIZE", name, lost, answered, allowed);
            }
        }
        if let (Some(Metrics { destinations, .. }), Some(measurements)) = (metrics, measurements) {
            report_unfinished(&destinations, measurements.result(), allowed);
        }
    }
}

/// Reports how many items of a signal were lost. Failed exports were reported by their exporter.
fn report_lost(items: &str, queue: &str, name: &str, lost: u64, in_time: bool, allowed: Duration) {
    match lost {
        0 => {}
        lost if in_time => self_log::warn(format_args!(
            "{items} lost on the way to {name}: {lost}; its queue was full ({queue}) or they ended too late"
        )),
        lost => self_log::warn(format_args!("{name} did not end within {allowed:?}; {items} lost: {lost}")),
    }
}

/// Reports that the last export of metrics did not end by our deadline, or by the fixed one of the SDK.
fn report_unfinished(destinations: &[String], result: Option<&OTelSdkResult>, allowed: Duration) {
    use opentelemetry_sdk::error::OTelSdkError;
    let waited = match result {
        None => allowed,
        Some(Err(OTelSdkError::Timeout(waited))) => *waited,
        Some(_) => return,
    };
    let names = destinations.join(", ");
    self_log::warn(format_args!("{names} did not end within {waited:?}; exports of metrics lost: 1"));
}
