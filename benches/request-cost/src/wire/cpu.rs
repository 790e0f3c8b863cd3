//! The processors of each process: the server has the first one for itself.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Keeps this thread, and its later children, away from the first processor.
///
/// # Errors
///
/// If there is no other processor, or the system refuses.
pub fn leave_first() -> io::Result<()> {
    let mut processors = sched_getaffinity(None)?;
    let first = (0..CpuSet::MAX_CPU).find(|&processor| processors.is_set(processor));
    if processors.count() < 2 {
        return Err(io::Error::other("two processors are needed: one for the server, one for everything else"));
    }
    if let Some(first) = first {
        processors.unset(first);
    }
    Ok(sched_setaffinity(None, &processors)?)
}

/// Binds this thread to the processor that [`leave_first`] left.
///
/// # Errors
///
/// If the system refuses.
pub fn take_first() -> io::Result<()> {
    let rest = sched_getaffinity(None)?;
    let mut first = CpuSet::new();
    // The one before those that the driver kept.
    if let Some(lowest) = (0..CpuSet::MAX_CPU).find(|&processor| rest.is_set(processor)) {
        first.set(lowest.saturating_sub(1));
    }
    Ok(sched_setaffinity(None, &first)?)
}
