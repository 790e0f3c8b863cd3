//! Telemetry that was started before its process forked.
//!
//! A fork copies memory and one thread: the child has the providers, but no thread that exports. Without a check it would
//! fill queues that nobody empties, and wait for threads that do not exist.

use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::self_log;

/// The fault and its remedy.
pub(crate) const REASON: &str = "telemetry was started before this process was forked, and nothing of this process is \
                                 exported: start telemetry after the fork";

/// Id of the process that started telemetry; 0 before the start.
static STARTED_BY: AtomicU32 = AtomicU32::new(0);

/// Notes that this process starts telemetry.
pub(crate) fn started_here() {
    STARTED_BY.store(process::id(), Ordering::Relaxed);
}

/// Returns `true` if this process was forked from the one that started telemetry. The first call reports that.
pub(crate) fn is_child() -> bool {
    static REPORT: Once = Once::new();
    let is_child = ![0, process::id()].contains(&STARTED_BY.load(Ordering::Relaxed));
    if is_child {
        REPORT.call_once(|| self_log::warn(format_args!("{REASON}")));
    }
    is_child
}
