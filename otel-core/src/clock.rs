//! The clock of everything that is recorded.

use std::cell::Cell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time as OTLP sends it: nanoseconds since 1970. The range ends in the year 2554.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp(u64);

impl Timestamp {
    pub(crate) const fn unix_nanos(self) -> u64 {
        self.0
    }

    pub(crate) fn now() -> Self {
        Moment::now().timestamp()
    }
}

impl From<SystemTime> for Timestamp {
    /// A time before 1970 becomes 1970, because OTLP cannot express it.
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
/// The monotonic clock alone measures how much time passed, and the wall clock says when that was. So nothing ends before
/// it started, and setting the wall clock does not change the length of a span. Each thread reads the wall clock once per
/// [`CALIBRATED_FOR`], not for each reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Nanoseconds by the [monotonic] clock.
    elapsed: u64,
    /// Unix time in nanoseconds at which the monotonic clock was zero, by the last reading of the wall clock.
    origin: u64,
}

/// The monotonic clock in nanoseconds, since a start that the system chooses. [`std::time::Instant`] reads the same clock
/// at twice the cost, because its value comes only as a checked difference of two readings.
#[cfg(unix)]
#[inline]
fn monotonic() -> u64 {
    nanos(rustix::time::clock_gettime(rustix::time::ClockId::Monotonic))
}

#[cfg(unix)]
#[inline]
fn nanos(now: rustix::time::Timespec) -> u64 {
    let (seconds, nanos) = (u64::try_from(now.tv_sec).unwrap_or(0), u64::try_from(now.tv_nsec).unwrap_or(0));
    // 64 bits hold 584 years since the start of the machine.
    seconds.wrapping_mul(1_000_000_000).wrapping_add(nanos)
}

/// The monotonic clock in nanoseconds, since its first reading.
#[cfg(not(unix))]
fn monotonic() -> u64 {
    static ORIGIN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    u64::try_from(ORIGIN.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// A monotonic clock in nanoseconds that advances in ticks of some milliseconds. Reading it costs a quarter of [`monotonic`].
#[cfg(any(target_os = "android", target_os = "freebsd", target_os = "linux"))]
#[inline]
pub(crate) fn coarse() -> u64 {
    nanos(rustix::time::clock_gettime(rustix::time::ClockId::MonotonicCoarse))
}

/// A monotonic clock in nanoseconds.
#[cfg(not(any(target_os = "android", target_os = "freebsd", target_os = "linux")))]
pub(crate) fn coarse() -> u64 {
    monotonic()
}

/// How long a reading of the wall clock is used, in nanoseconds. In 10 ms the clocks drift apart by less than a microsecond,
/// so that our spans stay in order with spans whose start or end comes from the wall clock.
const CALIBRATED_FOR: u64 = 10_000_000;

impl Moment {
    /// No reading.
    pub(crate) const UNKNOWN: Self = Self { elapsed: 0, origin: 0 };

    #[inline]
    pub(crate) fn now() -> Self {
        thread_local! {
            /// The last moment at which the wall clock was read.
            static CALIBRATED: Cell<Option<Moment>> = const { Cell::new(None) };
        }
        let elapsed = monotonic();
        CALIBRATED.with(|calibrated| {
            Self::calibrated(calibrated.get(), elapsed).unwrap_or_else(|| {
                let moment = Self::calibrate(elapsed, SystemTime::now().into());
                calibrated.set(Some(moment));
                moment
            })
        })
    }

    /// A reading of the monotonic clock soon after a reading of the wall clock.
    #[inline]
    fn calibrated(last: Option<Self>, elapsed: u64) -> Option<Self> {
        last.filter(|last| elapsed.saturating_sub(last.elapsed) < CALIBRATED_FOR)
            .map(|Self { origin, .. }| Self { elapsed, origin })
    }

    /// A reading of both clocks.
    const fn calibrate(elapsed: u64, wall: Timestamp) -> Self {
        Self { elapsed, origin: wall.0.saturating_sub(elapsed) }
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

    /// Returns `true` if this reading is less than `nanos` nanoseconds after an earlier one.
    #[inline]
    pub(crate) const fn is_within(self, nanos: u64, earlier: Self) -> bool {
        self.elapsed.saturating_sub(earlier.elapsed) < nanos
    }

    /// The time `nanos` nanoseconds after this reading.
    #[inline]
    pub(crate) fn after(self, nanos: u64) -> Timestamp {
        Timestamp(self.timestamp().0.saturating_add(nanos))
    }

    /// The same reading with a wall clock that is `nanos` nanoseconds behind.
    #[cfg(test)]
    pub(super) const fn set_back(self, nanos: u64) -> Self {
        Self { origin: self.origin.saturating_sub(nanos), ..self }
    }

    /// A reading `nanos` nanoseconds after this one.
    #[cfg(test)]
    pub(super) const fn later(self, nanos: u64) -> Self {
        Self { elapsed: self.elapsed + nanos, ..self }
    }

    /// Bits that differ between any two readings, even if a process forked between them.
    pub(super) const fn entropy(self) -> u64 {
        self.elapsed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000_000_000;

    #[test]
    fn the_wall_clock_is_read_again_after_a_while() {
        let start = Moment::calibrate(5, Timestamp(1_000));
        assert_eq!(start.timestamp(), Timestamp(1_000));
        let soon = Moment::calibrated(Some(start), 4 + CALIBRATED_FOR);
        assert_eq!(soon.map(Moment::timestamp), Some(Timestamp(999 + CALIBRATED_FOR)));
        assert_eq!(Moment::calibrated(Some(start), 5 + CALIBRATED_FOR), None);
        assert_eq!(Moment::calibrated(None, 5), None);
    }

    #[test]
    #[cfg_attr(miri, ignore = "real time")]
    fn timestamps_are_those_of_the_wall_clock() {
        let before = Timestamp::from(SystemTime::now()).0;
        let now = Timestamp::now().0;
        let after = Timestamp::from(SystemTime::now()).0;
        // A thread that has just read the wall clock may still be within the time of an earlier calibration.
        assert!((before - CALIBRATED_FOR..=after + CALIBRATED_FOR).contains(&now), "{before} {now} {after}");
    }

    #[test]
    fn setting_the_wall_clock_does_not_change_durations() {
        let around = std::time::Instant::now();
        let start = Moment::now().set_back(HOUR);
        let within = std::time::Instant::now();
        let shortest = within.elapsed().as_nanos();
        let elapsed = start.elapsed();
        assert!((shortest..=around.elapsed().as_nanos()).contains(&u128::from(elapsed)), "{elapsed}");
        assert_eq!(start.after(elapsed).unix_nanos() - start.timestamp().unix_nanos(), elapsed);
        let later = start.later(7).set_back(HOUR);
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
