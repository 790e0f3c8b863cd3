//! loom's atomics and locks, for `queue.rs` and `wakeup.rs`.

pub(crate) use std::sync::OnceLock;

pub(crate) use loom::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use loom::sync::{Mutex, MutexGuard};
pub(crate) use loom::thread::{Thread, yield_now};

/// The number of shards of a queue: one more than threads can lock, so that the search for a free one ends.
pub(crate) fn shards() -> usize {
    4
}

/// The number of this thread, from zero on in each run of the model. The counter is not an atomic of loom, because the order
/// in which threads get their numbers does not matter.
pub(crate) fn thread_number() -> usize {
    loom::lazy_static! {
        static ref NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    }
    loom::thread_local! {
        static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
