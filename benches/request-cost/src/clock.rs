//! The time that threads ran, whatever else used the processor.

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds that all threads of this process ran.
#[must_use]
pub fn process_time() -> u64 {
    nanoseconds(ClockId::ProcessCPUTime)
}

/// Nanoseconds that this thread ran.
#[must_use]
pub fn thread_time() -> u64 {
    nanoseconds(ClockId::ThreadCPUTime)
}

fn nanoseconds(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec), u64::try_from(time.tv_nsec));
    seconds.unwrap_or_default() * 1_000_000_000 + nanoseconds.unwrap_or_default()
}
