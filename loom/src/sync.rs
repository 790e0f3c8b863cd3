//! loom's atomics, for `wakeup.rs` and for the models.

pub(crate) use std::sync::OnceLock;

use loom::sync::atomic::fence;
pub(crate) use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
pub(crate) use loom::thread::Thread;

/// The gate's atomic. loom takes sequentially consistent accesses for acquire and release; between fences they are what
/// they are elsewhere.
#[derive(Debug)]
pub(crate) struct AtomicU8(loom::sync::atomic::AtomicU8);

impl AtomicU8 {
    pub(crate) fn new(value: u8) -> Self {
        Self(loom::sync::atomic::AtomicU8::new(value))
    }

    pub(crate) fn load(&self, ordering: Ordering) -> u8 {
        if ordering == Ordering::SeqCst {
            fence(Ordering::SeqCst);
        }
        self.0.load(ordering)
    }

    pub(crate) fn store(&self, value: u8, ordering: Ordering) {
        self.0.store(value, ordering);
        if ordering == Ordering::SeqCst {
            fence(Ordering::SeqCst);
        }
    }
}

/// How many items wait: all that the protocol asks of a queue.
#[derive(Debug)]
pub(crate) struct Items(AtomicUsize);

impl Items {
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    pub(crate) fn push(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Takes one, if there is one.
    pub(crate) fn pop(&self) -> bool {
        let mut waiting = self.0.load(Ordering::SeqCst);
        while waiting > 0 {
            match self.0.compare_exchange(waiting, waiting - 1, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => return true,
                Err(other) => waiting = other,
            }
        }
        false
    }
}
