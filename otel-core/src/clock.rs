//! One source of time for everything that is recorded.

use std::cell::Cell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long a thread uses what it was told of a global of the API: of a provider, a propagator, an instrument. One that is
/// installed over it while the server runs is used after this time at the latest; asking for each request would cost more
/// than recording. In nanoseconds.
pub(crate) const REFRESH: u64 = 1_000_000_000;

/// A point in time, in nanoseconds since 1970: what OTLP sends. Good until the year 2554.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp(u64);

impl Timestamp {
    #[cfg(any(test, feature = "_otlp"))]
    pub(crate) const fn unix_nanos(self) -> u64 {
        self.0
    }

    /// Now.
    pub(crate) fn now() -> Self {
        Moment::now().timestamp()
    }
}

impl From<SystemTime> for Timestamp {
    /// A time before 1970 counts as 1970: OTLP has no other.
    fn from(time: SystemTime) -> Self {
        let nanos = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        Self(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        UNIX_EPOCH + Duration::from_nanos(timestamp.0)
    }
}

/// A reading of the clock, from which time can be measured.
///
/// What elapsed is measured by the monotonic clock alone; when that was is told by the wall clock. So nothing ends before it
/// started, and clocks that are set right do not tear spans. The wall clock is read when the thread last did so
/// [a while ago](CALIBRATED_FOR), not each time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// By the [monotonic] clock.
    elapsed: u64,
    /// Unix time in nanoseconds when the monotonic clock was at zero, as it was known at this reading.
    origin: u64,
}

/// Nanoseconds by the monotonic clock, from wherever it counts; enough of them for 584 years. [`std::time::Instant`] reads
/// the same clock, at twice the cost: it makes a checked difference of two readings of it.
#[cfg(unix)]
#[inline]
fn monotonic() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let (seconds, nanos) = (u64::try_from(now.tv_sec).unwrap_or(0), u64::try_from(now.tv_nsec).unwrap_or(0));
    // It counts from the start of the machine: that fits.
    seconds.wrapping_mul(1_000_000_000).wrapping_add(nanos)
}

/// Nanoseconds since the first reading.
#[cfg(not(unix))]
fn monotonic() -> u64 {
    static ORIGIN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    u64::try_from(ORIGIN.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// How long a reading of the wall clock is good. In so short a time clocks do not drift apart by a microsecond; spans that
/// are started or ended by somebody else's reading of it stay in order.
const CALIBRATED_FOR: u64 = 10_000_000;

impl Moment {
    /// No reading at all.
    pub(crate) const UNKNOWN: Self = Self { elapsed: 0, origin: 0 };

    #[inline]
    pub(crate) fn now() -> Self {
        thread_local! {
            /// The last moment at which the wall clock was read.
            static CALIBRATED: Cell<Option<Moment>> = const { Cell::new(None) };
        }
        let elapsed = monotonic();
        CALIBRATED.with(|calibrated| match calibrated.get() {
            Some(Self { elapsed: last, origin }) if elapsed.saturating_sub(last) < CALIBRATED_FOR => {
                Self { elapsed, origin }
            }
            _ => {
                let origin = Timestamp::from(SystemTime::now()).0.saturating_sub(elapsed);
                calibrated.set(Some(Self { elapsed, origin }));
                Self { elapsed, origin }
            }
        })
    }

    #[inline]
    pub(crate) const fn timestamp(self) -> Timestamp {
        Timestamp(self.origin.saturating_add(self.elapsed))
    }

    /// Nanoseconds since this reading.
    #[inline]
    pub(crate) fn elapsed(self) -> u64 {
        monotonic().saturating_sub(self.elapsed)
    }

    /// Whether this reading is no further than that many nanoseconds after an earlier one.
    #[inline]
    pub(crate) const fn is_within(self, nanos: u64, earlier: Self) -> bool {
        self.elapsed.saturating_sub(earlier.elapsed) < nanos
    }

    /// So many nanoseconds later than this reading.
    #[inline]
    pub(crate) fn after(self, nanos: u64) -> Timestamp {
        Timestamp(self.timestamp().0.saturating_add(nanos))
    }

    /// The same reading, had the wall clock shown so much less.
    #[cfg(test)]
    pub(super) const fn set_back(self, nanos: u64) -> Self {
        Self { origin: self.origin.saturating_sub(nanos), ..self }
    }

    /// Bits that differ between any two readings, also in two processes that forked from one.
    pub(super) const fn entropy(self) -> u64 {
        self.elapsed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "real time")]
    fn the_time_is_that_of_the_wall_clock() {
        for _ in 0..3 {
            let before = Timestamp::from(SystemTime::now()).0;
            let now = Timestamp::now().0;
            // Two readings, one after the other, on a machine that may be busy.
            assert!(now.abs_diff(before) < 1_000_000_000, "{now} {before}");
            std::thread::sleep(Duration::from_nanos(CALIBRATED_FOR));
        }
    }

    #[test]
    fn durations_are_measured_and_do_not_depend_on_calibration() {
        let around = std::time::Instant::now();
        let start = Moment { elapsed: monotonic(), origin: 1_000 };
        let within = std::time::Instant::now();
        std::thread::sleep(Duration::from_millis(2));
        let shortest = within.elapsed();
        let elapsed = Duration::from_nanos(start.elapsed());
        assert!((shortest..=around.elapsed()).contains(&elapsed), "{elapsed:?}");
        assert_eq!(start.after(2), Timestamp(start.timestamp().0 + 2));
        let later = Moment { elapsed: start.elapsed + 7, origin: 9 };
        assert!(later.is_within(8, start) && !later.is_within(7, start) && start.is_within(1, later));
    }

    #[test]
    fn timestamps_are_unix_time_in_nanoseconds() {
        let time = UNIX_EPOCH + Duration::new(3, 7);
        assert_eq!(Timestamp::from(time).unix_nanos(), 3_000_000_007);
        assert_eq!(SystemTime::from(Timestamp::from(time)), time);
        assert_eq!(Timestamp::from(UNIX_EPOCH - Duration::from_secs(1)).unix_nanos(), 0);
    }
}
