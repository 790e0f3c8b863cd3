//! The way from the threads that end spans to the one that exports them.

use std::sync::{PoisonError, TryLockError};

use super::sync::{AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering, Thread, lanes, thread_number, yield_now};
use super::wakeup::{Gate, Wakeup};

/// How often all lanes are tried.
const ROUNDS: usize = 64;

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
        let lane = self.lane();
        // Whoever closes the queue visits all lanes afterwards: what is put in here is found, or the gate is seen closed.
        if let Some(mut lane) = lane.filter(|_| self.gate.is_open() && self.reserve()) {
            put(&mut lane);
            drop(lane);
            if self.is_worth_waking() {
                self.wakeup.is_worthwhile();
            }
        } else {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Takes a place, if there is one.
    #[inline]
    fn reserve(&self) -> bool {
        let next = |waiting| (waiting < self.capacity).then_some(waiting + 1);
        self.waiting.fetch_update(Ordering::SeqCst, Ordering::Relaxed, next).is_ok()
    }

    /// This thread's lane, or another one. `None`: whoever is at them does not get on. That is nothing to wait for: they may
    /// have been interrupted by this very thread, or be threads of the process that this one forked from.
    #[inline]
    fn lane(&self) -> Option<MutexGuard<'_, L>> {
        let number = thread_number();
        self.lane_at(number).or_else(|| self.other_lane(number))
    }

    #[cold]
    fn other_lane(&self, number: usize) -> Option<MutexGuard<'_, L>> {
        for _ in 0..ROUNDS {
            for next in 1..=self.lanes.len() {
                if let Some(lane) = self.lane_at(number.wrapping_add(next)) {
                    return Some(lane);
                }
            }
            yield_now();
        }
        None
    }

    #[inline]
    fn lane_at(&self, number: usize) -> Option<MutexGuard<'_, L>> {
        // As many as a power of two.
        let Padded(lane) = self.lanes.get(number & (self.lanes.len() - 1))?;
        match lane.try_lock() {
            Ok(lane) => Some(lane),
            Err(TryLockError::Poisoned(lane)) => Some(lane.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// How many lanes there are, and how many items there is room for.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.lanes.len(), self.capacity)
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

    /// Calls the worker, whatever waits.
    pub(crate) fn call(&self) {
        self.wakeup.call();
    }

    /// The worker is about to sleep. Whether it may: otherwise there is something to do, and nobody would wake it.
    pub(super) fn may_sleep(&self) -> bool {
        self.wakeup.may_sleep(|| self.is_worth_waking())
    }

    /// The worker is awake, and will see who called.
    pub(super) fn woke(&self) {
        self.wakeup.woke();
    }
}
