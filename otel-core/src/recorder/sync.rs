//! What [`queue`](super::queue) and [`wakeup`](super::wakeup) are made of: the model checker in `loom/` has another module
//! of this name.

use std::cell::Cell;
pub(super) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(super) use std::sync::{Mutex, MutexGuard, OnceLock};
use std::thread::available_parallelism;
pub(super) use std::thread::{Thread, yield_now};

/// Lanes per processor: more than there are threads that can be interrupted while they are at one.
const LANES: usize = 4;

/// Enough for any machine: a thread is at its lane for a moment only.
const MOST_LANES: usize = 128;

/// How many lanes a queue has: a power of two.
pub(super) fn lanes() -> usize {
    let processors = available_parallelism().map_or(1, usize::from);
    processors.saturating_mul(LANES).min(MOST_LANES).next_power_of_two()
}

/// A number of this thread, from zero on.
#[inline]
pub(super) fn thread_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: Cell<usize> = const { Cell::new(usize::MAX) };
    }
    let number = NUMBER.get();
    if number != usize::MAX {
        return number;
    }
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    NUMBER.set(number);
    number
}
