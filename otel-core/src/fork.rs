//! Telemetry that was started before its process forked.
//!
//! A fork copies memory and one thread: the child has the providers, but no thread that exports. Without a check it would
//! fill queues that nobody empties, and wait for threads that do not exist.
//!
//! The check is made with each request, meter, flush and shutdown, and now and then with spans and log records. A child that
//! only adds to instruments from before the fork is not noticed: those belong to the SDK.

use std::process;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use crate::clock::Timestamp;
use crate::self_log;

/// The fault and its remedy.
pub(crate) const REASON: &str = "telemetry was started before this process was forked, and nothing of this process is \
                                 exported: start telemetry after the fork";

/// Nanoseconds for which the process id is taken as unchanged where it is read often: reading it is a system call. A child
/// that ends within this time may go unreported; its spans are lost in any case.
const READ_EVERY: u64 = 100_000;

/// Id of the process that started telemetry; 0 before the start.
static STARTED_BY: AtomicU32 = AtomicU32::new(0);

/// `true` once this process has been found to be a child. Its own children inherit the value.
static IS_CHILD: AtomicBool = AtomicBool::new(false);

/// Notes that this process starts telemetry.
pub(crate) fn started_here() {
    STARTED_BY.store(process::id(), Ordering::Relaxed);
}

/// Returns `true` if this process was forked from the one that started telemetry. The first call reports that.
pub(crate) fn is_child() -> bool {
    let is_child =
        IS_CHILD.load(Ordering::Relaxed) || ![0, process::id()].contains(&STARTED_BY.load(Ordering::Relaxed));
    if is_child && !IS_CHILD.swap(true, Ordering::Relaxed) {
        self_log::warn_on_stderr(format_args!("{REASON}"));
    }
    is_child
}

/// As [`is_child`], for the end of a span or a log record: reads the process id only if the last reading is older than
/// [`READ_EVERY`].
#[inline]
pub(crate) fn is_child_at(now: Timestamp) -> bool {
    static READ_AT: AtomicU64 = AtomicU64::new(0);
    let now = now.unix_nanos();
    if now.abs_diff(READ_AT.load(Ordering::Relaxed)) < READ_EVERY {
        return IS_CHILD.load(Ordering::Relaxed);
    }
    READ_AT.store(now, Ordering::Relaxed);
    is_child()
}
