//! The times of reports on one destination: the first at once, then ever more rarely.

use std::time::{Duration, Instant};

/// Shortest time between two reports about the same destination. Each report doubles it, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The time for which an export is retried before that is reported.
pub(super) const QUIET_RETRIES: Duration = Duration::from_secs(1);

/// The reports that were made, and their times.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    /// `true` while telemetry is shut down: one report at the end covers everything.
    pub(super) is_held_back: bool,
    last_failure: Option<Instant>,
    pause: Duration,
    last_remark: Option<Instant>,
    advice_given: bool,
    retry_reported: bool,
}

impl Schedule {
    /// Returns `true` if a failure has to be reported now, and starts the next pause.
    pub(super) fn take_due_failure(&mut self, now: Instant) -> bool {
        if self.is_held_back || self.last_failure.is_some_and(|last| now.duration_since(last) < self.pause) {
            return false;
        }
        self.pause = (self.pause * 2).clamp(SHORTEST, LONGEST);
        self.last_failure = Some(now);
        true
    }

    /// Returns `true` if the retries of an export have to be reported: once until an export succeeds.
    pub(super) fn take_due_retry(&mut self, tried: Duration, is_failing: bool) -> bool {
        if tried < QUIET_RETRIES {
            return false;
        }
        let reported = std::mem::replace(&mut self.retry_reported, true);
        !(reported || self.is_held_back || is_failing)
    }

    /// Records that an export arrived. Returns `true` if its retries were reported.
    pub(super) fn arrived(&mut self) -> bool {
        std::mem::take(&mut self.retry_reported)
    }

    /// Records that everything works again, so the next failure is reported at once.
    pub(super) fn recovered(&mut self) {
        self.pause = SHORTEST;
    }

    /// Returns `true` if a collector's remark has to be reported now: once in a while.
    pub(super) fn take_due_remark(&mut self, now: Instant) -> bool {
        let is_due = self.last_remark.is_none_or(|last| now.duration_since(last) >= LONGEST);
        if is_due {
            self.last_remark = Some(now);
        }
        is_due
    }

    /// Returns `true` once: advice is not repeated.
    pub(super) fn take_due_advice(&mut self) -> bool {
        !std::mem::replace(&mut self.advice_given, true)
    }

    #[cfg(test)]
    pub(super) fn has_reported_retry(&self) -> bool {
        self.retry_reported
    }
}
