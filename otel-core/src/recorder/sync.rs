//! The atomics and locks of [`queue`](super::queue) and [`wakeup`](super::wakeup). The model checker in `loom/` replaces this
//! module by one of its own.

use std::cell::Cell;
pub(super) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(super) use std::sync::{Mutex, MutexGuard, OnceLock};
use std::thread::available_parallelism;
pub(super) use std::thread::{Thread, yield_now};

/// Shards per processor, so that interrupted threads that hold a lock leave enough of them.
const SHARDS_PER_PROCESSOR: usize = 4;

/// Enough for any machine, because a thread holds the lock of a shard only for a moment.
const MAX_SHARDS: usize = 128;

/// The number of shards of a queue: a power of two.
pub(super) fn shards() -> usize {
    let processors = available_parallelism().map_or(1, usize::from);
    processors.saturating_mul(SHARDS_PER_PROCESSOR).min(MAX_SHARDS).next_power_of_two()
}

/// The number of this thread, from zero on.
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
