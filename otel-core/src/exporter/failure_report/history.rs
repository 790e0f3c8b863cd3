//! The results of the exports to one destination.

use super::message::{Failures, Losses};
use crate::exporter::signal::Signal;
use crate::findings::Finding;
use crate::recorder::Received;

/// The state of each signal, the failures since the last report, and the losses since the start.
#[derive(Debug, Default)]
pub(super) struct History {
    signals: [Health; 3],
    /// Destinations whose export is being retried, and the reason. They differ in their path.
    retrying: Vec<(String, String)>,
    /// The last failure of any signal.
    destination: String,
    reason: String,
    unreported: Unreported,
}

#[derive(Debug, Default)]
struct Unreported {
    exports: u64,
    lost: Losses,
}

#[derive(Debug, Default)]
struct Health {
    /// `true` if a variable sends this signal there.
    expected: bool,
    /// `true` if an export has succeeded since the last one that failed.
    works: bool,
    failing: bool,
    /// The number of items that failed exports lost.
    lost: u64,
    /// The destination and the reason of its last failure. Signals may differ in the path.
    destination: String,
    reason: String,
}

impl History {
    #[cfg(any(test, feature = "_otlp"))]
    pub(super) fn expect(&mut self, signal: Signal) {
        self.signals[signal as usize].expected = true;
    }

    /// Records that an export has not succeeded yet.
    pub(super) fn retrying(&mut self, destination: &str, reason: &str) {
        self.ended(destination);
        self.retrying.push((destination.to_owned(), reason.to_owned()));
    }

    /// Records that an export of `lost` items failed for good.
    pub(super) fn failed(&mut self, signal: Signal, lost: usize, destination: &str, reason: String) {
        let health = &mut self.signals[signal as usize];
        (health.works, health.failing) = (false, true);
        self.lost(signal, lost, destination, reason);
    }

    /// Records that an export arrived, and that the collector rejected a part of it.
    pub(super) fn rejected(&mut self, signal: Signal, received: &Received, destination: &str) {
        let health = &mut self.signals[signal as usize];
        (health.works, health.failing) = (true, false);
        let Received { rejected, remark } = received;
        let colon = if remark.is_empty() { "" } else { ": " };
        // Points of metrics are not counted in exports.
        let lost = if signal == Signal::Metrics { 0 } else { usize::try_from(*rejected).unwrap_or(usize::MAX) };
        self.lost(signal, lost, destination, format!("the collector rejected {rejected}{colon}{remark}"));
    }

    /// Records that an export arrived. Returns `true` if the previous one of its signal had failed.
    pub(super) fn succeeded(&mut self, signal: Signal, destination: &str) -> bool {
        self.ended(destination);
        let health = &mut self.signals[signal as usize];
        health.works = true;
        std::mem::take(&mut health.failing)
    }

    fn lost(&mut self, signal: Signal, lost: usize, destination: &str, reason: String) {
        self.ended(destination);
        self.unreported.exports += 1;
        let unreported = &mut self.unreported.lost[signal as usize];
        *unreported = unreported.saturating_add(lost);
        let health = &mut self.signals[signal as usize];
        health.lost = health.lost.saturating_add(u64::try_from(lost).unwrap_or(u64::MAX));
        destination.clone_into(&mut health.destination);
        reason.clone_into(&mut health.reason);
        destination.clone_into(&mut self.destination);
        self.reason = reason;
    }

    fn ended(&mut self, destination: &str) {
        self.retrying.retain(|(retrying, _)| retrying != destination);
    }

    /// Returns `true` if the last export of a signal failed.
    pub(super) fn is_failing(&self) -> bool {
        self.signals.iter().any(|signal| signal.failing)
    }

    /// The destination of the last failure.
    pub(super) fn destination(&self) -> &str {
        &self.destination
    }

    /// The signals that a variable sends there in vain. A signal that gets through is not among them: some backends
    /// take spans only.
    pub(super) fn futile_signals(&self) -> Vec<Signal> {
        let is_futile = |signal: &Signal| {
            let health = &self.signals[*signal as usize];
            health.expected && !health.works
        };
        Signal::ALL.into_iter().filter(is_futile).collect()
    }

    /// Takes the failures that were not reported yet, if there are any.
    pub(super) fn take_unreported(&mut self) -> Option<Failures> {
        let Unreported { exports, lost } = std::mem::take(&mut self.unreported);
        let (destination, reason) = (self.destination.clone(), self.reason.clone());
        (exports > 0).then_some(Failures { destination, reason, exports, lost })
    }

    /// A finding if the last export of a signal failed, or if one is being retried.
    pub(super) fn finding(&self) -> Option<Finding> {
        let failed = self.signals.iter().find(|signal| signal.failing);
        let failed = failed.map(|signal| (signal.destination.clone(), signal.reason.clone()));
        let (destination, reason) = failed.or_else(|| self.retrying.first().cloned())?;
        Some(Finding::ExportFailing { destination, reason })
    }

    /// The items that failed exports lost, reported or not.
    pub(super) fn losses(&self) -> Vec<Finding> {
        let signals = Signal::ALL.into_iter().map(|signal| (signal.items(), &self.signals[signal as usize]));
        let losses = signals.filter(|(_, signal)| signal.lost > 0).map(|(items, signal)| Finding::Lost {
            items,
            count: signal.lost,
            destination: signal.destination.clone(),
            queue: None,
        });
        losses.collect()
    }
}
