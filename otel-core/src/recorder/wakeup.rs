//! Who wakes whom, and who takes care of what comes too late. Nothing else is in here, so that a model checker can go
//! through it (`loom/`, at the root of the repository).

use super::sync::{AtomicBool, AtomicU8, OnceLock, Ordering, Thread};

/// Wakes the thread that takes once per batch, not once per item: that is a call of the system.
#[derive(Debug)]
pub(crate) struct Wakeup {
    /// The worker is not asleep, or has been woken.
    is_awake: AtomicBool,
    worker: OnceLock<Thread>,
}

impl Wakeup {
    pub(crate) fn new() -> Self {
        Self { is_awake: AtomicBool::new(true), worker: OnceLock::new() }
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

    /// Wakes the worker, whatever waits.
    pub(crate) fn wake(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }

    /// The worker is about to sleep. Whether it may: otherwise a batch was completed meanwhile, and nobody would wake it.
    pub(crate) fn may_sleep(&self, is_worth_waking: impl FnOnce() -> bool) -> bool {
        // Not a store, nor are the others: who found the worker awake completed a batch that has to be seen here.
        self.is_awake.swap(false, Ordering::SeqCst);
        let may = !is_worth_waking();
        if !may {
            self.is_awake.swap(true, Ordering::SeqCst);
        }
        may
    }

    /// The worker is awake, for whatever reason.
    pub(crate) fn woke(&self) {
        self.is_awake.swap(true, Ordering::SeqCst);
    }
}

/// Whether items are accepted.
#[derive(Debug)]
pub(crate) struct Gate(AtomicU8);

/// Accepted, and taken.
const OPEN: u8 = 0;
/// Not accepted; what was is still taken.
const CLOSED: u8 = 1;
/// Nobody takes any more.
const ABANDONED: u8 = 2;

impl Gate {
    pub(crate) fn new() -> Self {
        Self(AtomicU8::new(OPEN))
    }

    /// Whether an item may be put in.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.0.load(Ordering::Acquire) == OPEN
    }

    /// Asked after an item was put in. If so, it is the caller who has to take everything out: the gate was open when the
    /// caller looked, and the worker may have been gone by the time the item was in.
    #[inline]
    pub(crate) fn is_abandoned(&self) -> bool {
        self.0.load(Ordering::SeqCst) == ABANDONED
    }

    /// From now on nothing is accepted.
    pub(crate) fn close(&self) {
        self.0.store(CLOSED, Ordering::SeqCst);
    }

    /// From now on nothing is taken, once the caller has taken everything out.
    pub(crate) fn abandon(&self) {
        self.0.store(ABANDONED, Ordering::SeqCst);
    }
}
