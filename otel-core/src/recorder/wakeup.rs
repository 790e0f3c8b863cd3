//! How producers wake the worker, and how the queue closes. This file has nothing else, so that a model checker can test it
//! (`loom/` at the root of the repository).

use super::sync::{AtomicBool, OnceLock, Ordering, Thread};

/// Wakes the worker once per batch. Waking it for each item would be a system call for each.
#[derive(Debug)]
pub(crate) struct Wakeup {
    /// `true` if the worker is awake, or was woken.
    is_awake: AtomicBool,
    /// `true` if the worker was called. It has to be stored: if the worker is parked inside its exporter, `unpark` ends only
    /// that wait.
    is_called: AtomicBool,
    worker: OnceLock<Thread>,
}

impl Wakeup {
    pub(crate) fn new() -> Self {
        Self { is_awake: AtomicBool::new(true), is_called: AtomicBool::new(false), worker: OnceLock::new() }
    }

    /// Sets the thread to wake.
    pub(crate) fn set_worker(&self, worker: Thread) {
        // Fails if it was set before; it is called once, after the worker was started.
        let _ = self.worker.set(worker);
    }

    /// Wakes the worker because a batch is complete, by the item of the caller.
    #[inline]
    pub(crate) fn wake_for_batch(&self) {
        if !self.is_awake.swap(true, Ordering::SeqCst) {
            self.wake();
        }
    }

    /// Wakes the worker, even if no item waits.
    pub(crate) fn call(&self) {
        self.is_called.swap(true, Ordering::SeqCst);
        self.wake();
    }

    fn wake(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }

    /// Called by the worker before it sleeps. Returns `false` if it must not: a batch was completed or the worker was called
    /// meanwhile, and nobody would wake it.
    pub(crate) fn may_sleep(&self, is_worth_waking: impl FnOnce() -> bool) -> bool {
        // A `swap`, not a `store`, here and in the other methods: a producer that found the worker awake has completed a
        // batch, and this thread has to see it.
        self.is_awake.swap(false, Ordering::SeqCst);
        let may = !is_worth_waking() && !self.is_called.swap(false, Ordering::SeqCst);
        if !may {
            self.is_awake.swap(true, Ordering::SeqCst);
        }
        may
    }

    /// Called by the worker after it slept, whatever woke it.
    pub(crate) fn woke(&self) {
        self.is_awake.swap(true, Ordering::SeqCst);
        self.is_called.swap(false, Ordering::SeqCst);
    }
}

/// Open while items are accepted.
#[derive(Debug)]
pub(crate) struct Gate(AtomicBool);

impl Gate {
    pub(crate) fn new() -> Self {
        Self(AtomicBool::new(true))
    }

    /// Returns `true` if an item may be put into a shard. The caller holds the lock of the shard.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Closes the gate. A thread that then locks each shard once has seen all items: the lock orders each producer either
    /// before that thread, so that its item is seen, or after it, so that the producer sees the gate closed.
    pub(crate) fn close(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
