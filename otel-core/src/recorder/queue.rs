//! The queue between the threads that end spans and the thread that exports them.

use std::sync::{PoisonError, TryLockError};

use super::sync::{AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering, Thread, shards, thread_number, yield_now};
use super::wakeup::{Gate, Wakeup};

/// How often a thread tries all shards.
const ROUNDS: usize = 64;

/// A bounded queue whose producers never block. An item that does not fit is dropped and counted: the newest one, because
/// older ones may be part of a batch already.
///
/// Each thread has a shard of its own, if there are enough: its memory is in the caches of the thread's processor. If the
/// shard is locked, the thread takes another one.
///
/// A model checker tests this file: see `loom/` at the root of the repository.
#[derive(Debug)]
pub(crate) struct Queue<S> {
    shards: Box<[Padded<S>]>,
    /// Items in all shards, and items that were taken out of the shards but not out of the queue.
    waiting: AtomicUsize,
    capacity: usize,
    /// The number of items for which the worker is woken.
    batch: usize,
    dropped: AtomicU64,
    gate: Gate,
    wakeup: Wakeup,
}

/// A shard in cache lines of its own, so that threads do not slow each other down.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Padded<S>(Mutex<S>);

impl<S: Default> Queue<S> {
    /// A queue for `capacity` items (at least one) that wakes its worker for each `batch` of them.
    pub(crate) fn new(capacity: usize, batch: usize) -> Self {
        Self {
            shards: (0..shards()).map(|_| Padded::default()).collect(),
            waiting: AtomicUsize::new(0),
            capacity: capacity.max(1),
            batch: batch.clamp(1, capacity.max(1)),
            dropped: AtomicU64::new(0),
            gate: Gate::new(),
            wakeup: Wakeup::new(),
        }
    }

    /// Sets the thread to wake.
    pub(crate) fn set_worker(&self, worker: Thread) {
        self.wakeup.set_worker(worker);
    }

    /// Calls `put` with a shard, or drops the item.
    #[inline]
    pub(crate) fn offer(&self, put: impl FnOnce(&mut S)) {
        let shard = self.shard();
        // `close` is followed by a visit of all shards. So either that visit finds the item, or this thread finds the gate
        // closed.
        if let Some(mut shard) = shard.filter(|_| self.gate.is_open() && self.reserve()) {
            put(&mut shard);
            drop(shard);
            if self.is_worth_waking() {
                self.wakeup.wake_for_batch();
            }
        } else {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Reserves room for one item. Returns `false` if the queue is full.
    #[inline]
    fn reserve(&self) -> bool {
        let next = |waiting| (waiting < self.capacity).then_some(waiting + 1);
        self.waiting.fetch_update(Ordering::SeqCst, Ordering::Relaxed, next).is_ok()
    }

    /// This thread's shard, or another one. `None` if all stay locked. Waiting for a lock might never end: this very
    /// thread may have interrupted the holder, or the holder may not exist in this process, which was forked.
    #[inline]
    fn shard(&self) -> Option<MutexGuard<'_, S>> {
        let number = thread_number();
        self.shard_at(number).or_else(|| self.other_shard(number))
    }

    #[cold]
    fn other_shard(&self, number: usize) -> Option<MutexGuard<'_, S>> {
        for _ in 0..ROUNDS {
            for next in 1..=self.shards.len() {
                if let Some(shard) = self.shard_at(number.wrapping_add(next)) {
                    return Some(shard);
                }
            }
            yield_now();
        }
        None
    }

    #[inline]
    fn shard_at(&self, number: usize) -> Option<MutexGuard<'_, S>> {
        // The number of shards is a power of two.
        let Padded(shard) = self.shards.get(number & (self.shards.len() - 1))?;
        match shard.try_lock() {
            Ok(shard) => Some(shard),
            Err(TryLockError::Poisoned(shard)) => Some(shard.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The number of shards, and the capacity.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.shards.len(), self.capacity)
    }

    /// Visits all shards, one after the other.
    pub(super) fn visit(&self, mut visit: impl FnMut(&mut S)) {
        for Padded(shard) in &self.shards {
            visit(&mut shard.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Subtracts items that were taken out.
    pub(super) fn taken(&self, items: usize) {
        self.waiting.fetch_sub(items, Ordering::SeqCst);
    }

    /// The number of items that wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Returns `true` if a batch is complete.
    #[inline]
    pub(crate) fn is_worth_waking(&self) -> bool {
        self.len() >= self.batch
    }

    /// The number of items that were dropped so far.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Closes the queue: items that come from now on are dropped. A visit of all shards finds the items that came before.
    pub(crate) fn close(&self) {
        self.gate.close();
    }

    /// Drops items that were taken out of the shards.
    pub(super) fn drop_taken(&self, items: usize) {
        self.taken(items);
        self.dropped.fetch_add(items as u64, Ordering::Relaxed);
    }

    /// Wakes the worker, even if no item waits.
    pub(crate) fn call(&self) {
        self.wakeup.call();
    }

    /// Called by the worker before it sleeps. Returns `false` if it must not: there is work for which nobody would wake it.
    pub(super) fn may_sleep(&self) -> bool {
        self.wakeup.may_sleep(|| self.is_worth_waking())
    }

    /// Called by the worker after it slept.
    pub(super) fn woke(&self) {
        self.wakeup.woke();
    }
}
