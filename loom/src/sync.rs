//! loom's atomics and locks, for `queue.rs` and `wakeup.rs`.

pub(crate) use std::sync::OnceLock;

pub(crate) use loom::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use loom::sync::{Mutex, MutexGuard};
pub(crate) use loom::thread::{Thread, yield_now};

/// How many lanes a queue has: one more than there are threads that can be at one, so that nobody looks for ever.
pub(crate) fn lanes() -> usize {
    4
}

/// A number of this thread, from zero on in each run of the model. Not an atomic of loom's: who is given which is of no
/// interest.
pub(crate) fn thread_number() -> usize {
    loom::lazy_static! {
        static ref NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    }
    loom::thread_local! {
        static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
