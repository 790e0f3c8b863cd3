//! What the operator is told when exports fail: once for all signals that go to the same place, and not once per batch.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::reporting::LastError;
use super::retry::Patience;
use crate::diagnosis::Finding;
use crate::diagnostics;

/// Shortest time between two reports about the same place. Each report doubles it, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(60 * 60);

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
    #[cfg(any(test, feature = "grpc", feature = "otlp-http"))]
    pub(crate) fn expect(&self, signal: Signal) {
        self.lock().signals[signal as usize].expected = true;
    }

    pub(crate) fn failed(&self, signal: Signal, lost: usize, destination: &str, reason: String) {
        let report = self.lock().failed(Instant::now(), signal, lost, destination, reason);
        tell(report);
    }

    pub(crate) fn succeeded(&self, signal: Signal) {
        let report = self.lock().succeeded(signal);
        tell(report);
    }

    /// Who knows why an export to `destination` is being tried again.
    pub(crate) fn asks(&self, destination: String, last_error: LastError) {
        self.lock().attempts.push((destination, last_error));
    }

    /// Who is to be told when telemetry is shut down.
    pub(crate) fn ends(&self, patience: Patience) {
        self.lock().patience.push(patience);
    }

    /// From now on nothing is told before [`last_words`](Self::last_words): telemetry is being shut down, signal after
    /// signal, and one warning says it all. It is given up after `allowed`, which exports that are tried again learn.
    pub(crate) fn hold_back(&self, allowed: Duration) {
        let mut state = self.lock();
        state.held_back = true;
        state.patience.iter().for_each(|patience| patience.end(allowed));
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
        let trying = |(destination, last_error): &(String, LastError)| {
            let reason = last_error.lock().unwrap_or_else(PoisonError::into_inner).clone();
            reason.map(|reason| (destination.clone(), reason))
        };
        let (destination, reason) = failed.or_else(|| state.attempts.iter().find_map(trying))?;
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
        Some(Report::Failing(failing)) => diagnostics::warn(format_args!("{failing}")),
        Some(Report::Recovered { destination }) => {
            diagnostics::info(format_args!("export to {destination} works again"));
        }
        None => {}
    }
}

/// What there is to tell.
#[derive(Debug, PartialEq, Eq)]
enum Report {
    Failing(Failing),
    Recovered { destination: String },
}

#[derive(Debug, PartialEq, Eq)]
struct Failing {
    destination: String,
    reason: String,
    exports: u64,
    lost: [usize; 3],
    /// Signals to turn off if this is meant to be so.
    advice: Vec<Signal>,
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
        for (index, signal) in advice.iter().enumerate() {
            let before = if index == 0 { ". If nothing is to be sent there, set " } else { ", " };
            write!(f, "{before}{}=none", signal.variable())?;
        }
        Ok(())
    }
}

/// Failures since the last report, and how each signal fares.
#[derive(Debug, Default)]
struct State {
    signals: [Health; 3],
    held_back: bool,
    patience: Vec<Patience>,
    /// Why exports are being tried again, by destination.
    attempts: Vec<(String, LastError)>,
    reported: Option<Instant>,
    pause: Duration,
    advised: bool,
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
        health.lost = health.lost.saturating_add(u64::try_from(lost).unwrap_or(u64::MAX));
        self.exports += 1;
        self.lost[signal as usize] += lost;
        destination.clone_into(&mut self.destination);
        self.reason = reason;
        if self.held_back || self.reported.is_some_and(|last| now.duration_since(last) < self.pause) {
            return None;
        }
        self.pause = (self.pause * 2).clamp(SHORTEST, LONGEST);
        self.reported = Some(now);
        self.unreported()
    }

    fn succeeded(&mut self, signal: Signal) -> Option<Report> {
        let health = &mut self.signals[signal as usize];
        health.works = true;
        let recovered = std::mem::take(&mut health.failing);
        if !recovered || self.signals.iter().any(|other| other.failing) {
            return None;
        }
        self.pause = SHORTEST;
        Some(Report::Recovered { destination: self.destination.clone() })
    }

    /// What was kept back, all of it.
    fn unreported(&mut self) -> Option<Report> {
        let exports = std::mem::take(&mut self.exports);
        let lost = std::mem::take(&mut self.lost);
        if exports == 0 {
            return None;
        }
        // Advice is given once. A signal that gets through is not to be turned off: some backends take spans only.
        let advised = std::mem::replace(&mut self.advised, true);
        let useless = |signal: &Signal| {
            let Health { expected, works, .. } = self.signals[*signal as usize];
            !advised && expected && !works
        };
        let advice = Signal::ALL.into_iter().filter(useless).collect();
        let (destination, reason) = (self.destination.clone(), self.reason.clone());
        Some(Report::Failing(Failing { destination, reason, exports, lost, advice }))
    }
}

#[cfg(test)]
#[path = "outage_tests.rs"]
mod tests;
