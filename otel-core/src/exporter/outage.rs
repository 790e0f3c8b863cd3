//! What the operator is told when exports fail: once for all signals that go to the same place, and not once per batch.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::retry::RetryBudget;
use crate::findings::Finding;
use crate::recorder::Received;
use crate::self_log;

/// Shortest time between two reports about the same place. Each report doubles it, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// How long an export is tried before somebody is told.
const UNTOLD: Duration = Duration::from_secs(1);

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Spans,
    Logs,
    Metrics,
}

impl Signal {
    const ALL: [Self; 3] = [Self::Spans, Self::Logs, Self::Metrics];

    /// The variable that turns it off.
    fn variable(self) -> &'static str {
        match self {
            Self::Spans => "OTEL_TRACES_EXPORTER",
            Self::Logs => "OTEL_LOGS_EXPORTER",
            Self::Metrics => "OTEL_METRICS_EXPORTER",
        }
    }

    /// What a failed export costs. The next export of metrics makes up for it, unless temporality is delta.
    fn items(self) -> &'static str {
        match self {
            Self::Spans => "spans",
            Self::Logs => "log records",
            Self::Metrics => "exports of metrics",
        }
    }
}

/// How exports to one place go: a collector, or the console. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outage(Arc<Mutex<State>>);

impl Outage {
    /// Notes that `signal` goes there, so that its variable is named should nothing answer.
    #[cfg(any(test, feature = "_otlp"))]
    pub(crate) fn expect(&self, signal: Signal) {
        self.lock().signals[signal as usize].expected = true;
    }

    pub(crate) fn failed(&self, signal: Signal, lost: usize, destination: &str, reason: String) {
        let report = self.lock().failed(Instant::now(), signal, lost, destination, reason);
        tell(report);
    }

    /// What was said of an export that arrived.
    pub(crate) fn received(&self, signal: Signal, received: &Received, destination: &str) {
        let now = Instant::now();
        if received.rejected > 0 {
            let report = self.lock().rejected(now, signal, received, destination);
            tell(report);
        } else {
            let (recovered, remark) = {
                let mut state = self.lock();
                (state.succeeded(signal, destination), state.remark(now, &received.remark, destination))
            };
            tell(recovered);
            tell(remark);
        }
    }

    /// From now on `budget` tells of exports to `destination` that are tried again, and is told when telemetry is shut
    /// down.
    pub(crate) fn watch(&self, budget: RetryBudget, destination: &str) {
        let (outage, destination) = (Arc::downgrade(&self.0), destination.to_owned());
        budget.on_retry(move |reason, tried| {
            if let Some(outage) = outage.upgrade() {
                let report = Self(outage).lock().tried(&destination, reason, tried);
                tell(report);
            }
        });
        self.lock().budget.push(budget);
    }

    /// From now on nothing is told before [`last_words`](Self::last_words): telemetry is being shut down, signal after
    /// signal, and one warning says it all. It is given up after `allowed`, which exports that are tried again learn.
    pub(crate) fn hold_back(&self, allowed: Duration) {
        let mut state = self.lock();
        state.held_back = true;
        state.budget.iter().for_each(|budget| budget.shut_down(allowed));
    }

    pub(crate) fn is_held_back(&self) -> bool {
        self.lock().held_back
    }

    /// Tells what was kept back so far.
    pub(crate) fn last_words(&self) {
        let report = self.lock().unreported();
        tell(report);
    }

    /// That the last export of a signal failed, if it did, or that it is being tried again.
    pub(crate) fn finding(&self) -> Option<Finding> {
        let state = self.lock();
        let failed = state.signals.iter().any(|health| health.failing);
        let failed = failed.then(|| (state.destination.clone(), state.reason.clone()));
        let (destination, reason) = failed.or_else(|| state.trying.first().cloned())?;
        Some(Finding::ExportFailing { destination, reason })
    }

    /// What failed exports cost so far, reported or not.
    pub(crate) fn losses(&self) -> Vec<Finding> {
        let state = self.lock();
        let losses = Signal::ALL.into_iter().map(|signal| (signal.items(), state.signals[signal as usize].lost));
        let losses = losses.filter(|(_, count)| *count > 0).map(|(items, count)| {
            let destination = state.destination.clone();
            Finding::Lost { items, count, destination, queue: None }
        });
        losses.collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(report: Option<Report>) {
    match report {
        Some(Report::Delayed { destination, reason, advice }) => self_log::warn(format_args!(
            "export to {destination} does not succeed and is tried again: {reason}{advice}"
        )),
        Some(Report::Failing(failing)) => self_log::warn(format_args!("{failing}")),
        Some(Report::Recovered { destination }) => {
            self_log::info(format_args!("export to {destination} works again"));
        }
        Some(Report::Remark { destination, remark }) => {
            self_log::warn(format_args!("{destination} took what was exported, and says: {remark}"));
        }
        None => {}
    }
}

/// What there is to tell.
#[derive(Debug, PartialEq, Eq)]
enum Report {
    Delayed { destination: String, reason: String, advice: Advice },
    Failing(Failing),
    Recovered { destination: String },
    Remark { destination: String, remark: String },
}

#[derive(Debug, PartialEq, Eq)]
struct Failing {
    destination: String,
    reason: String,
    exports: u64,
    lost: [usize; 3],
    advice: Advice,
}

/// Signals to turn off if this is meant to be so.
#[derive(Debug, PartialEq, Eq)]
struct Advice(Vec<Signal>);

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, signal) in self.0.iter().enumerate() {
            let before = if index == 0 { ". If nothing is to be sent there, set " } else { ", " };
            write!(f, "{before}{}=none", signal.variable())?;
        }
        Ok(())
    }
}

impl fmt::Display for Failing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { destination, reason, exports, lost, advice } = self;
        match exports {
            1 => write!(f, "export to {destination} failed: {reason}")?,
            _ => write!(f, "export to {destination} failed {exports} times, last: {reason}")?,
        }
        for signal in Signal::ALL {
            if lost[signal as usize] > 0 {
                write!(f, "; {} lost: {}", signal.items(), lost[signal as usize])?;
            }
        }
        write!(f, "{advice}")
    }
}

/// Failures since the last report, and how each signal fares.
#[derive(Debug, Default)]
struct State {
    signals: [Health; 3],
    held_back: bool,
    budget: Vec<RetryBudget>,
    /// Destinations that are being tried again, and why.
    trying: Vec<(String, String)>,
    reported: Option<Instant>,
    pause: Duration,
    remarked: Option<Instant>,
    advised: bool,
    /// Whether it was told that an export has to be tried again.
    delayed: bool,
    destination: String,
    reason: String,
    exports: u64,
    lost: [usize; 3],
}

#[derive(Clone, Copy, Debug, Default)]
struct Health {
    /// Whether this signal goes there.
    expected: bool,
    /// Whether an export has succeeded since the last one that failed.
    works: bool,
    failing: bool,
    /// What failed exports cost, all of them.
    lost: u64,
}

impl State {
    /// An export has not succeeded yet. If that has lasted for a while it is told, once until it works again.
    fn tried(&mut self, destination: &str, reason: &str, tried: Duration) -> Option<Report> {
        self.answered(destination);
        self.trying.push((destination.to_owned(), reason.to_owned()));
        if tried < UNTOLD {
            return None;
        }
        let told = std::mem::replace(&mut self.delayed, true);
        if told || self.held_back || self.signals.iter().any(|signal| signal.failing) {
            return None;
        }
        let (destination, reason) = (destination.to_owned(), reason.to_owned());
        Some(Report::Delayed { destination, reason, advice: self.advice() })
    }

    /// Nothing is tried again there any more.
    fn answered(&mut self, destination: &str) {
        self.trying.retain(|(trying, _)| trying != destination);
    }

    fn failed(
        &mut self,
        now: Instant,
        signal: Signal,
        lost: usize,
        destination: &str,
        reason: String,
    ) -> Option<Report> {
        let health = &mut self.signals[signal as usize];
        health.works = false;
        health.failing = true;
        self.lost(now, signal, lost, destination, reason)
    }

    /// The collector is well, but did not want all of it.
    fn rejected(&mut self, now: Instant, signal: Signal, received: &Received, destination: &str) -> Option<Report> {
        let health = &mut self.signals[signal as usize];
        health.works = true;
        health.failing = false;
        self.delayed = false;
        let Received { rejected, remark } = received;
        let colon = if remark.is_empty() { "" } else { ": " };
        // Points of metrics are not counted in exports.
        let lost = if signal == Signal::Metrics { 0 } else { usize::try_from(*rejected).unwrap_or(usize::MAX) };
        self.lost(now, signal, lost, destination, format!("the collector rejected {rejected}{colon}{remark}"))
    }

    fn lost(&mut self, now: Instant, signal: Signal, lost: usize, destination: &str, reason: String) -> Option<Report> {
        self.exports += 1;
        let unreported = &mut self.lost[signal as usize];
        *unreported = unreported.saturating_add(lost);
        let all = &mut self.signals[signal as usize].lost;
        *all = all.saturating_add(u64::try_from(lost).unwrap_or(u64::MAX));
        self.answered(destination);
        destination.clone_into(&mut self.destination);
        self.reason = reason;
        if self.held_back || self.reported.is_some_and(|last| now.duration_since(last) < self.pause) {
            return None;
        }
        self.pause = (self.pause * 2).clamp(SHORTEST, LONGEST);
        self.reported = Some(now);
        self.unreported()
    }

    fn succeeded(&mut self, signal: Signal, destination: &str) -> Option<Report> {
        self.answered(destination);
        let health = &mut self.signals[signal as usize];
        health.works = true;
        let recovered = std::mem::take(&mut health.failing) | std::mem::take(&mut self.delayed);
        if !recovered || self.signals.iter().any(|other| other.failing) {
            return None;
        }
        self.pause = SHORTEST;
        Some(Report::Recovered { destination: self.destination.clone() })
    }

    /// What a collector says that took everything. It is told once in a while.
    fn remark(&mut self, now: Instant, remark: &str, destination: &str) -> Option<Report> {
        let is_new = self.remarked.is_none_or(|last| now.duration_since(last) >= LONGEST);
        (is_new && !remark.is_empty()).then(|| {
            self.remarked = Some(now);
            Report::Remark { destination: destination.to_owned(), remark: remark.to_owned() }
        })
    }

    /// What was kept back, all of it.
    fn unreported(&mut self) -> Option<Report> {
        let exports = std::mem::take(&mut self.exports);
        let lost = std::mem::take(&mut self.lost);
        if exports == 0 {
            return None;
        }
        // A collector that rejects something is there.
        let absent = self.signals.iter().any(|signal| signal.failing);
        let advice = if absent { self.advice() } else { Advice(Vec::new()) };
        let (destination, reason) = (self.destination.clone(), self.reason.clone());
        Some(Report::Failing(Failing { destination, reason, exports, lost, advice }))
    }

    /// Is given once. A signal that gets through is not to be turned off: some backends take spans only.
    fn advice(&mut self) -> Advice {
        let advised = std::mem::replace(&mut self.advised, true);
        let useless = |signal: &Signal| {
            let Health { expected, works, .. } = self.signals[*signal as usize];
            !advised && expected && !works
        };
        Advice(Signal::ALL.into_iter().filter(useless).collect())
    }
}

#[cfg(test)]
#[path = "outage_tests.rs"]
mod tests;
