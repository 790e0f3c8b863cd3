//! The way from the threads that end spans to the one that exports them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::Thread;

use crossbeam_queue::ArrayQueue;

/// A bounded queue that never blocks whoever offers. What does not fit is dropped and counted: the newest, since what is
/// older may already be part of a batch.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    items: ArrayQueue<T>,
    /// As many are worth waking the worker for.
    batch: usize,
    dropped: AtomicU64,
    is_closed: AtomicBool,
    /// The worker is not asleep, or has been woken: one call of the system per batch, not per span.
    is_awake: AtomicBool,
    worker: OnceLock<Thread>,
}

impl<T> Queue<T> {
    /// A queue for `capacity` items (at least one), allocated now, that wakes its worker for every `batch` of them.
    pub(crate) fn new(capacity: usize, batch: usize) -> Self {
        Self {
            items: ArrayQueue::new(capacity.max(1)),
            batch: batch.clamp(1, capacity.max(1)),
            dropped: AtomicU64::new(0),
            is_closed: AtomicBool::new(false),
            is_awake: AtomicBool::new(true),
            worker: OnceLock::new(),
        }
    }

    /// Names the thread to wake.
    pub(crate) fn set_worker(&self, worker: Thread) {
        // Called once, by whoever started the worker.
        let _ = self.worker.set(worker);
    }

    /// Hands over an item, or drops it.
    #[inline]
    pub(crate) fn offer(&self, item: T) {
        if self.is_closed.load(Ordering::Acquire) || self.items.push(item).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        } else if self.is_worth_waking() && !self.is_awake.swap(true, Ordering::SeqCst) {
            self.wake();
        }
    }

    /// The oldest item.
    pub(crate) fn take(&self) -> Option<T> {
        self.items.pop()
    }

    /// Items that wait.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether a batch is complete.
    pub(crate) fn is_worth_waking(&self) -> bool {
        self.items.len() >= self.batch
    }

    /// Items that were dropped so far.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// From now on everything is dropped.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
    }

    /// Wakes the worker, whatever waits.
    pub(crate) fn wake(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }

    /// The worker is about to sleep. Whether it may: otherwise a batch was completed meanwhile, and nobody would wake it.
    pub(super) fn may_sleep(&self) -> bool {
        self.is_awake.store(false, Ordering::SeqCst);
        let may = !self.is_worth_waking();
        if !may {
            self.is_awake.store(true, Ordering::SeqCst);
        }
        may
    }

    /// The worker woke by itself.
    pub(super) fn woke(&self) {
        self.is_awake.store(true, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_dropped_and_counted() {
        let queue = Queue::new(2, 1);
        (0..5).for_each(|item| queue.offer(item));
        assert_eq!((queue.len(), queue.dropped()), (2, 3));
        assert_eq!((queue.take(), queue.take(), queue.take()), (Some(0), Some(1), None));
        queue.close();
        queue.offer(9);
        assert_eq!((queue.len(), queue.dropped()), (0, 4));
    }

    #[test]
    fn nobody_sleeps_over_a_complete_batch() {
        let queue = Queue::new(4, 2);
        queue.offer(1);
        assert!(queue.may_sleep());
        queue.offer(2);
        assert!(!queue.may_sleep());
    }
}
