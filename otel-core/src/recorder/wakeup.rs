//! Who wakes whom, and who takes care of what comes too late. Nothing else is in here, so that a model checker can go
//! through it (`loom/`, at the root of the repository).

use super::sync::{AtomicBool, OnceLock, Ordering, Thread};

/// Wakes the thread that takes once per batch, not once per item: that is a call of the system.
#[derive(Debug)]
pub(crate) struct Wakeup {
    /// The worker is not asleep, or has been woken.
    is_awake: AtomicBool,
    /// Somebody wants the worker, whatever waits. To wake it is not enough: it may wait for something else, at its exporter.
    is_called: AtomicBool,
    worker: OnceLock<Thread>,
}

impl Wakeup {
    pub(crate) fn new() -> Self {
        Self { is_awake: AtomicBool::new(true), is_called: AtomicBool::new(false), worker: OnceLock::new() }
    }

    /// Names the thread to wake.
    pub(crate) fn set_worker(&self, worker: Thread) {
        // Called once, by whoever started the worker.
        let _ = self.worker.set(worker);
    }

    /// Enough waits for the worker, of which the caller's item is one.
    #[inline]
    pub(crate) fn is_worthwhile(&self) {
        if !self.is_awake.swap(true, Ordering::SeqCst) {
            self.wake();
        }
    }

    /// Calls the worker, whatever waits.
    pub(crate) fn call(&self) {
        self.is_called.swap(true, Ordering::SeqCst);
        self.wake();
    }

    fn wake(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }

    /// The worker is about to sleep. Whether it may: otherwise a batch was completed meanwhile, or somebody called, and
    /// nobody would wake it.
    pub(crate) fn may_sleep(&self, is_worth_waking: impl FnOnce() -> bool) -> bool {
        // Not a store, nor are the others: who found the worker awake completed a batch that has to be seen here.
        self.is_awake.swap(false, Ordering::SeqCst);
        let may = !is_worth_waking() && !self.is_called.swap(false, Ordering::SeqCst);
        if !may {
            self.is_awake.swap(true, Ordering::SeqCst);
        }
        may
    }

    /// The worker is awake, for whatever reason, and will see who called.
    pub(crate) fn woke(&self) {
        self.is_awake.swap(true, Ordering::SeqCst);
        self.is_called.swap(false, Ordering::SeqCst);
    }
}

/// Whether items are accepted.
#[derive(Debug)]
pub(crate) struct Gate(AtomicBool);

impl Gate {
    pub(crate) fn new() -> Self {
        Self(AtomicBool::new(true))
    }

    /// Whether an item may be put in. Asked while the lane that it goes to is locked.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// From now on nothing is accepted. Who locks every lane once after this has seen all that was: the lock that was taken
    /// before it is let go of shows what was put in, and the one that is taken after it shows that the gate is closed.
    pub(crate) fn close(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
