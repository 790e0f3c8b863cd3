//! How long to wait before the next attempt.

use std::time::Duration;

use rand::RngExt as _;

/// The first wait; each doubles it, up to the longest.
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);

/// How long to wait before the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDelay {
    /// A wait that we choose.
    Backoff,
    /// At least this wait: the collector asks for it.
    Requested(Duration),
}

/// The waits between the attempts of one export; each is longer than the one before.
#[derive(Debug)]
pub(crate) struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl Backoff {
    /// Returns the next wait. It is random within bounds, so that many processes that lost the same collector do not
    /// all come back to it at once.
    pub(crate) fn next(&mut self, delay: RetryDelay) -> Duration {
        let wait = self.0;
        self.0 = (wait * 2).min(LONGEST);
        match delay {
            RetryDelay::Backoff => wait.mul_f64(rand::rng().random_range(0.5..=1.0)),
            RetryDelay::Requested(least) => least.saturating_add(FIRST.mul_f64(rand::rng().random_range(0.0..=1.0))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_bound() {
        let mut backoff = Backoff::default();
        let waits: Vec<Duration> = (0..10).map(|_| backoff.next(RetryDelay::Backoff)).collect();
        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST, "{waits:?}");
        assert!(waits[4] >= FIRST * 8, "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= LONGEST), "{waits:?}");
    }

    #[test]
    fn a_requested_time_is_waited_for() {
        for requested in [Duration::ZERO, Duration::from_secs(7), Duration::MAX] {
            let wait = Backoff::default().next(RetryDelay::Requested(requested));
            assert!(wait >= requested && wait <= requested.saturating_add(FIRST), "{requested:?}: {wait:?}");
        }
    }
}
