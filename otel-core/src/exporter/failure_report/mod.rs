//! Reports of failed exports to the operator: one for all signals with the same destination, not one per batch.
//!
//! | module | one idea |
//! |---|---|
//! | `history` | what happened |
//! | `schedule` | when to report it |
//! | `message` | the words of the report |

mod history;
mod message;
mod schedule;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::retry::RetryBudget;
use super::secrets::Secrets;
use super::signal::Signal;
use crate::findings::Finding;
use crate::recorder::Received;
use history::History;
use message::{Advice, Report};
use schedule::Schedule;

/// Reports on the exports to one destination: a collector, the console, or an exporter of the application. Clones share
/// it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FailureReporter(Arc<Mutex<ReportState>>);

impl FailureReporter {
    /// Records that a variable sends `signal` there. If nothing answers, the report names that variable.
    #[cfg(any(test, feature = "_otlp"))]
    pub(crate) fn expect(&self, signal: Signal) {
        self.lock().history.expect(signal);
    }

    /// Records that an export of `lost` items failed for good.
    pub(crate) fn failed(&self, signal: Signal, lost: usize, destination: &str, reason: String) {
        let report = self.lock().failed(Instant::now(), signal, lost, destination, reason);
        report.into_iter().for_each(Report::send);
    }

    /// Records that an export arrived, and the collector's answer.
    pub(crate) fn received(&self, signal: Signal, received: &Received, destination: &str) {
        let reports = self.lock().received(Instant::now(), signal, received, destination);
        reports.into_iter().flatten().for_each(Report::send);
    }

    /// Reports the exports to `destination` that the exporter with this `budget` retries, and ends its retries when
    /// telemetry is shut down. The reports hold none of the `secrets`.
    pub(crate) fn watch(&self, budget: RetryBudget, secrets: Secrets, destination: &str) {
        let (reporter, destination) = (Arc::downgrade(&self.0), destination.to_owned());
        budget.on_retry(move |reason, tried| {
            if let Some(reporter) = reporter.upgrade() {
                let report = Self(reporter).lock().retrying(&destination, &secrets.redact(reason), tried);
                report.into_iter().for_each(Report::send);
            }
        });
        self.lock().budgets.push(budget);
    }

    /// Holds reports back until [`report_rest`](Self::report_rest): telemetry is being shut down, signal after signal,
    /// and one warning at the end covers all of them. Exports that are being retried end within `allowed`.
    pub(crate) fn hold_back(&self, allowed: Duration) {
        let mut state = self.lock();
        state.schedule.is_held_back = true;
        state.budgets.iter().for_each(|budget| budget.shut_down(allowed));
    }

    pub(crate) fn is_held_back(&self) -> bool {
        self.lock().schedule.is_held_back
    }

    /// Reports everything that was not reported so far.
    pub(crate) fn report_rest(&self) {
        let report = self.lock().unreported();
        report.into_iter().for_each(Report::send);
    }

    /// A finding if the last export of a signal failed, or if one is being retried.
    pub(crate) fn finding(&self) -> Option<Finding> {
        self.lock().history.finding()
    }

    /// The items that failed exports lost, reported or not.
    pub(crate) fn losses(&self) -> Vec<Finding> {
        self.lock().history.losses()
    }

    fn lock(&self) -> MutexGuard<'_, ReportState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct ReportState {
    history: History,
    schedule: Schedule,
    budgets: Vec<RetryBudget>,
}

impl ReportState {
    fn retrying(&mut self, destination: &str, reason: &str, tried: Duration) -> Option<Report> {
        self.history.retrying(destination, reason);
        let is_due = self.schedule.take_due_retry(tried, self.history.is_failing());
        is_due.then(|| {
            let (destination, reason) = (destination.to_owned(), reason.to_owned());
            Report::Retrying { destination, reason, advice: self.advice() }
        })
    }

    fn failed(
        &mut self,
        now: Instant,
        signal: Signal,
        lost: usize,
        destination: &str,
        reason: String,
    ) -> Option<Report> {
        self.history.failed(signal, lost, destination, reason);
        if self.schedule.take_due_failure(now) { self.unreported() } else { None }
    }

    fn received(
        &mut self,
        now: Instant,
        signal: Signal,
        received: &Received,
        destination: &str,
    ) -> [Option<Report>; 2] {
        let was_retrying = self.schedule.arrived();
        if received.rejected > 0 {
            self.history.rejected(signal, received, destination);
            let report = if self.schedule.take_due_failure(now) { self.unreported() } else { None };
            return [report, None];
        }
        let was_failing = self.history.succeeded(signal, destination);
        let recovered = ((was_failing || was_retrying) && !self.history.is_failing()).then(|| {
            self.schedule.recovered();
            let destination = if was_failing { self.history.destination() } else { destination };
            Report::Recovered { destination: destination.to_owned() }
        });
        let remark = (!received.remark.is_empty() && self.schedule.take_due_remark(now))
            .then(|| Report::Remark { destination: destination.to_owned(), remark: received.remark.clone() });
        [recovered, remark]
    }

    fn unreported(&mut self) -> Option<Report> {
        let failures = self.history.take_unreported()?;
        // A collector that rejects something is there.
        let advice = if self.history.is_failing() { self.advice() } else { Advice::default() };
        Some(Report::Failed { failures, advice })
    }

    fn advice(&mut self) -> Advice {
        if self.schedule.take_due_advice() { Advice(self.history.futile_signals()) } else { Advice::default() }
    }
}
