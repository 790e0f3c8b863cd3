//! The way from the threads that end spans to the one that exports them.

use std::sync::{PoisonError, TryLockError};

use super::sync::{AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering, Thread, lanes, thread_number};
use super::wakeup::{Gate, Wakeup};

/// A bounded queue that never blocks whoever offers. What does not fit is dropped and counted: the newest, since what is
/// older may already be part of a batch.
///
/// Each thread has a lane of its own, as far as there are enough: what it writes there it wrote to before, and finds at
/// hand. A lane that somebody else is at is left alone, and the next one is taken.
///
/// `loom/`, at the root of the repository, has a model checker go through all of this.
#[derive(Debug)]
pub(crate) struct Queue<L> {
    lanes: Box<[Padded<L>]>,
    /// Items in all lanes, and those that have been taken out of the lanes, but not out of the queue.
    waiting: AtomicUsize,
    capacity: usize,
    /// As many are worth waking the worker for.
    batch: usize,
    dropped: AtomicU64,
    gate: Gate,
    wakeup: Wakeup,
}

/// A lane in cache lines of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Padded<L>(Mutex<L>);

impl<L: Default> Queue<L> {
    /// A queue for `capacity` items (at least one) that wakes its worker for every `batch` of them.
    pub(crate) fn new(capacity: usize, batch: usize) -> Self {
        Self {
            lanes: (0..lanes()).map(|_| Padded::default()).collect(),
            waiting: AtomicUsize::new(0),
            capacity: capacity.max(1),
            batch: batch.clamp(1, capacity.max(1)),
            dropped: AtomicU64::new(0),
            gate: Gate::new(),
            wakeup: Wakeup::new(),
        }
    }

    /// Names the thread to wake.
    pub(crate) fn set_worker(&self, worker: Thread) {
        self.wakeup.set_worker(worker);
    }

    /// Hands over an item that is put into a lane, or drops it.
    #[inline]
    pub(crate) fn offer(&self, put: impl FnOnce(&mut L)) {
        let mut lane = self.lane();
        // Whoever closes the queue visits all lanes afterwards: what is put in here is found, or the gate is seen closed.
        let is_accepted = self.gate.is_open() && self.reserve();
        if is_accepted {
            put(&mut lane);
        } else {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        drop(lane);
        if is_accepted && self.is_worth_waking() {
            self.wakeup.is_worthwhile();
        }
    }

    /// Takes a place, if there is one.
    #[inline]
    fn reserve(&self) -> bool {
        let next = |waiting| (waiting < self.capacity).then_some(waiting + 1);
        self.waiting.fetch_update(Ordering::SeqCst, Ordering::Relaxed, next).is_ok()
    }

    /// This thread's lane, or another one.
    #[inline]
    fn lane(&self) -> MutexGuard<'_, L> {
        let mut number = thread_number();
        loop {
            // As many as a power of two.
            if let Some(Padded(lane)) = self.lanes.get(number & (self.lanes.len() - 1)) {
                match lane.try_lock() {
                    Ok(lane) => return lane,
                    Err(TryLockError::Poisoned(lane)) => return lane.into_inner(),
                    Err(TryLockError::WouldBlock) => {}
                }
            }
            number = number.wrapping_add(1);
        }
    }

    /// Visits all lanes, one after the other.
    pub(super) fn visit(&self, mut visit: impl FnMut(&mut L)) {
        for Padded(lane) in &self.lanes {
            visit(&mut lane.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// So many have been taken out.
    pub(super) fn taken(&self, items: usize) {
        self.waiting.fetch_sub(items, Ordering::SeqCst);
    }

    /// Items that wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Whether a batch is complete.
    #[inline]
    pub(crate) fn is_worth_waking(&self) -> bool {
        self.len() >= self.batch
    }

    /// Items that were dropped so far.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// From now on everything that comes is dropped. What had come before is seen by who visits the lanes now.
    pub(crate) fn close(&self) {
        self.gate.close();
    }

    /// So many, which had been taken out of the lanes, are dropped.
    pub(super) fn drop_taken(&self, items: usize) {
        self.taken(items);
        self.dropped.fetch_add(items as u64, Ordering::Relaxed);
    }

    /// Wakes the worker, whatever waits.
    pub(crate) fn wake(&self) {
        self.wakeup.wake();
    }

    /// The worker is about to sleep. Whether it may: otherwise a batch was completed meanwhile, and nobody would wake it.
    pub(super) fn may_sleep(&self) -> bool {
        self.wakeup.may_sleep(|| self.is_worth_waking())
    }

    /// The worker woke by itself.
    pub(super) fn woke(&self) {
        self.wakeup.woke();
    }
}
