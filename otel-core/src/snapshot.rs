//! A value that each thread reads again once a second.

use crate::clock::Moment;

/// How long a snapshot is used, in nanoseconds. A provider that is installed while the server runs is used after this time
/// at the latest.
const FRESH_FOR: u64 = 1_000_000_000;

/// A global of the API as it was when a thread last read it: a provider, a propagator, an instrument. Reading one takes a
/// lock and allocates, which for each request would cost more than recording the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Snapshot<T> {
    value: T,
    read_at: Moment,
}

impl<T> Snapshot<T> {
    /// A value that was read at `now`.
    pub(crate) const fn new(value: T, now: Moment) -> Self {
        Self { value, read_at: now }
    }

    /// The value, if it was read less than a second before `now`.
    #[inline]
    pub(crate) fn fresh(&self, now: Moment) -> Option<&T> {
        self.is_within(FRESH_FOR, now).then_some(&self.value)
    }

    /// Returns `true` if the value was read less than `nanos` nanoseconds before `now`.
    #[inline]
    pub(crate) const fn is_within(&self, nanos: u64, now: Moment) -> bool {
        now.is_within(nanos, self.read_at)
    }

    /// The value, however old it is.
    pub(crate) const fn value(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_fresh_for_a_second() {
        let start = Moment::now();
        let snapshot = Snapshot::new(7, start);
        assert_eq!(snapshot.fresh(start), Some(&7));
        assert_eq!(snapshot.fresh(start.later(FRESH_FOR - 1)), Some(&7));
        assert_eq!(snapshot.fresh(start.later(FRESH_FOR)), None);
        assert_eq!(snapshot.value(), &7);
    }
}
