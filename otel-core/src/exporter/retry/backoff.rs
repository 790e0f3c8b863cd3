//! How long to wait before the next attempt.

use std::time::Duration;

use rand::RngExt as _;

/// The first wait; each doubles it, up to the longest.
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);

/// When to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// After a while of our choice.
    Later,
    /// Not before this time has passed: the collector asked for it.
    After(Duration),
}

/// Waits that grow from one attempt of an export to its next.
#[derive(Debug)]
pub(crate) struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl Backoff {
    /// The next wait. Random within bounds, so that many processes that lost the same collector do not all come back
    /// to it at once.
    pub(crate) fn next(&mut self, again: Again) -> Duration {
        let wait = self.0;
        self.0 = (wait * 2).min(LONGEST);
        match again {
            Again::Later => wait.mul_f64(rand::rng().random_range(0.5..=1.0)),
            Again::After(asked) => asked.saturating_add(FIRST.mul_f64(rand::rng().random_range(0.0..=1.0))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_bound() {
        let mut backoff = Backoff::default();
        let waits: Vec<Duration> = (0..10).map(|_| backoff.next(Again::Later)).collect();
        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST, "{waits:?}");
        assert!(waits[4] >= FIRST * 8, "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= LONGEST), "{waits:?}");
    }

    #[test]
    fn the_collector_is_given_the_time_it_asks_for() {
        for asked in [Duration::ZERO, Duration::from_secs(7), Duration::MAX] {
            let wait = Backoff::default().next(Again::After(asked));
            assert!(wait >= asked && wait <= asked.saturating_add(FIRST), "{asked:?}: {wait:?}");
        }
    }
}
