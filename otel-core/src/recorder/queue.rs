//! The way from the threads that end spans to the one that exports them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::Thread;

use crossbeam_queue::ArrayQueue;

use super::wakeup::{Gate, Wakeup};

/// A bounded queue that never blocks whoever offers. What does not fit is dropped and counted: the newest, since what is
/// older may already be part of a batch.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    items: ArrayQueue<T>,
    /// As many are worth waking the worker for.
    batch: usize,
    dropped: AtomicU64,
    gate: Gate,
    wakeup: Wakeup,
}

impl<T> Queue<T> {
    /// A queue for `capacity` items (at least one), allocated now, that wakes its worker for every `batch` of them.
    pub(crate) fn new(capacity: usize, batch: usize) -> Self {
        Self {
            items: ArrayQueue::new(capacity.max(1)),
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

    /// Hands over an item, or drops it.
    #[inline]
    pub(crate) fn offer(&self, item: T) {
        if !self.gate.is_open() || self.items.push(item).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        } else if self.gate.is_abandoned() {
            self.drop_rest();
        } else if self.is_worth_waking() {
            self.wakeup.is_worthwhile();
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

    /// From now on everything that comes is dropped.
    pub(crate) fn close(&self) {
        self.gate.close();
    }

    /// From now on nobody takes. What still waits is dropped, and so is what was on its way when the queue was closed.
    pub(crate) fn abandon(&self) {
        self.gate.abandon();
        self.drop_rest();
    }

    #[cold]
    fn drop_rest(&self) {
        while self.items.pop().is_some() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
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
    fn what_nobody_takes_is_counted() {
        let queue = Queue::new(8, 4);
        (0..3).for_each(|item| queue.offer(item));
        queue.close();
        assert_eq!((queue.take(), queue.dropped()), (Some(0), 0));
        queue.abandon();
        assert_eq!((queue.len(), queue.dropped()), (0, 2));
        queue.offer(9);
        assert_eq!((queue.len(), queue.dropped()), (0, 3));
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
