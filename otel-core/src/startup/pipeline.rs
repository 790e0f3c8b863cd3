//! What `init` built, as far as it has to be ended again.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;

use super::counting::Counts;
use super::deadline::{self, Pending};
use super::outages::Outages;
use crate::diagnostics;
use crate::recorder::TracerProvider;

/// How long one signal is waited for before the next is ended, too.
const HEAD_START: Duration = Duration::from_millis(250);

/// The providers, and what is known of the places they send to.
#[derive(Clone, Debug)]
pub(super) struct Pipeline {
    pub(super) traces: TracerProvider,
    pub(super) logs: Option<Logs>,
    pub(super) metrics: Option<Metrics>,
    pub(super) outages: Outages,
}

/// The logger provider, and the way of its records to each exporter.
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
    /// Hands over what is queued. Whether that succeeded in time.
    pub(super) fn flush(&self, allowed: Duration) -> bool {
        let Self { traces, logs, metrics, .. } = self.clone();
        deadline::within(allowed, move || {
            let spans = traces.force_flush_within(allowed);
            let records = logs.map_or(Ok(()), |logs| logs.provider.force_flush());
            let metrics = metrics.map_or(Ok(()), |metrics| metrics.provider.force_flush());
            spans.is_ok() && records.is_ok() && metrics.is_ok()
        })
        .unwrap_or(false)
    }

    /// Hands over what is queued and ends the providers, then tells what was lost on the way.
    ///
    /// Metrics come last, and so include what the others did. But a signal whose collector does not answer, or is tried
    /// again and again, keeps those after it waiting for a moment only, and the caller no longer than `allowed`.
    pub(super) fn shut_down(self, allowed: Duration) {
        let Self { traces, logs, metrics, outages } = self;
        outages.hold_back(allowed);
        let deadline = deadline::Deadline::after(allowed);
        // The SDK's own limit is the outer one, so that ours decides and this function reports it.
        let inner = allowed.saturating_mul(2);
        let provider = traces.clone();
        let mut spans = Pending::start(move || provider.shutdown_with_timeout(inner));
        spans.wait(deadline.within(HEAD_START));
        let mut records = logs.as_ref().map(|logs| {
            let provider = logs.provider.clone();
            Pending::start(move || provider.shutdown_with_timeout(inner))
        });
        if let Some(records) = &mut records {
            records.wait(deadline.within(HEAD_START));
        }
        let mut measurements = metrics.as_ref().map(|metrics| {
            let provider = metrics.provider.clone();
            Pending::start(move || provider.shutdown_with_timeout(inner))
        });
        spans.wait(deadline.end());
        if let Some(records) = &mut records {
            records.wait(deadline.end());
        }
        if let Some(measurements) = &mut measurements {
            measurements.wait(deadline.end());
        }

        outages.last_words();
        for branch in traces.branches() {
            let answered = spans.result().is_some();
            tell_lost("spans", "OTEL_BSP_MAX_QUEUE_SIZE", &branch.destination, branch.lost(), answered, allowed);
        }
        if let (Some(logs), Some(records)) = (logs, records) {
            for Destination { name, counts } in &logs.destinations {
                let (answered, lost) = (records.result().is_some(), counts.outstanding());
                tell_lost("log records", "OTEL_BLRP_MAX_QUEUE_SIZE", name, lost, answered, allowed);
            }
        }
        if let (Some(Metrics { destinations, .. }), Some(measurements)) = (metrics, measurements) {
            tell_unfinished(&destinations, measurements.result(), allowed);
        }
    }
}

/// Tells how many items of a signal did not arrive. Exports that failed have been told by their exporter.
fn tell_lost(items: &str, queue: &str, name: &str, lost: u64, in_time: bool, allowed: Duration) {
    match lost {
        0 => {}
        lost if in_time => diagnostics::warn(format_args!(
            "{items} lost on the way to {name}: {lost}; its queue was full ({queue}) or they ended too late"
        )),
        lost => diagnostics::warn(format_args!("{name} did not end within {allowed:?}; {items} lost: {lost}")),
    }
}

/// Tells that the last export of metrics is unfinished: by our deadline, or by that of the SDK, which is fixed.
fn tell_unfinished(destinations: &[String], result: Option<&OTelSdkResult>, allowed: Duration) {
    use opentelemetry_sdk::error::OTelSdkError;
    let waited = match result {
        None => allowed,
        Some(Err(OTelSdkError::Timeout(waited))) => *waited,
        Some(_) => return,
    };
    let names = destinations.join(", ");
    diagnostics::warn(format_args!("{names} did not end within {waited:?}; exports of metrics lost: 1"));
}
