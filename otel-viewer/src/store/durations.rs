//! The usual durations of a route.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::trace::{PER_ALLOCATION, Trace};

/// Buckets per doubling of a duration.
const STEPS: usize = 4;

/// Requests that a route needs before any of them counts as slow.
const ENOUGH: u32 = 20;

/// Durations of the kept traces by the names of their roots.
#[derive(Debug, Default)]
pub(super) struct DurationsByName {
    by_name: HashMap<Box<str>, Durations, RandomState>,
    bytes: usize,
}

impl DurationsByName {
    pub(super) fn add(&mut self, trace: &Trace) {
        let Some(root) = trace.root() else { return };
        let name = root.name();
        if let Some(durations) = self.by_name.get_mut(&*name) {
            durations.add(trace.duration());
        } else {
            let mut durations = Durations::default();
            durations.add(trace.duration());
            self.bytes += size(&name);
            self.by_name.insert(name.into(), durations);
        }
    }

    pub(super) fn remove(&mut self, trace: &Trace) {
        let Some(root) = trace.root() else { return };
        let name = root.name();
        let Some(durations) = self.by_name.get_mut(&*name) else { return };
        durations.remove(trace.duration());
        if durations.is_empty() {
            self.by_name.remove(&*name);
            self.bytes -= size(&name);
        }
    }

    /// The bounds of all names, to compare many traces with them.
    pub(super) fn usual(&self) -> Usual<'_> {
        Usual(self.by_name.iter().filter_map(|(name, durations)| Some((&**name, durations.slow_above()?))).collect())
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Bytes of the durations of one name: the buckets, the name, and an entry in the map.
const fn size(name: &str) -> usize {
    size_of::<[u32; 64 * STEPS]>() + name.len() + 64 + 2 * PER_ALLOCATION
}

/// The highest usual buckets by name.
#[derive(Debug)]
pub(super) struct Usual<'a>(HashMap<&'a str, usize>);

impl Usual<'_> {
    /// Returns `true` if the trace took longer than is usual for its name.
    pub(super) fn is_slow(&self, trace: &Trace) -> bool {
        let usual = trace.root().and_then(|root| self.0.get(&*root.name()));
        usual.is_some_and(|usual| bucket(trace.duration()) > *usual)
    }
}

/// Durations of the kept traces of one route, in buckets of equal ratio.
#[derive(Debug)]
struct Durations {
    buckets: Box<[u32; 64 * STEPS]>,
    count: u32,
}

impl Default for Durations {
    fn default() -> Self {
        Self { buckets: Box::new([0; 64 * STEPS]), count: 0 }
    }
}

impl Durations {
    fn add(&mut self, nanoseconds: u64) {
        if let Some(bucket) = self.buckets.get_mut(bucket(nanoseconds)) {
            *bucket += 1;
            self.count += 1;
        }
    }

    fn remove(&mut self, nanoseconds: u64) {
        if let Some(bucket) = self.buckets.get_mut(bucket(nanoseconds))
            && *bucket > 0
        {
            *bucket -= 1;
            self.count -= 1;
        }
    }

    const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The bucket above which durations are slow: they take at least 1.5 times as long as 95 of 100 requests. `None`
    /// while there are too few.
    fn slow_above(&self) -> Option<usize> {
        if self.count < ENOUGH {
            return None;
        }
        let mut above = self.count;
        let usual = self.buckets.iter().position(|requests| {
            above -= requests;
            above <= self.count / 20
        })?;
        Some(usual + STEPS / 2)
    }
}

/// The bucket of a duration: the number of its highest bit, and the two bits below that.
fn bucket(nanoseconds: u64) -> usize {
    let highest = nanoseconds.max(1).ilog2();
    let below = (u128::from(nanoseconds.max(1)) << 2 >> highest) as usize & (STEPS - 1);
    highest as usize * STEPS + below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_grow_with_durations() {
        let buckets: Vec<_> = [0, 1, 2, 3, 4, 5, 1000, 1200, 1300, u64::MAX].map(bucket).into();
        assert!(buckets.is_sorted(), "{buckets:?}");
        assert_eq!((bucket(1024), bucket(1279), bucket(1280)), (40, 40, 41));
        assert_eq!(bucket(u64::MAX), 64 * STEPS - 1);
    }

    #[test]
    fn slow_is_beyond_what_is_usual_for_the_route() {
        let mut durations = Durations::default();
        (0..19).for_each(|_| durations.add(1_000_000));
        assert_eq!(durations.slow_above(), None, "too few");
        durations.add(9_000_000);
        let slow = durations.slow_above().unwrap_or_default();
        assert!(bucket(1_200_000) <= slow && bucket(9_000_000) > slow);
        (0..200).for_each(|_| durations.add(9_000_000));
        assert!(durations.slow_above().is_some_and(|slow| bucket(9_000_000) <= slow), "usual by now");
        (0..201).for_each(|_| durations.remove(9_000_000));
        assert_eq!(durations.slow_above(), None);
    }
}
