//! Threads that offer, and one that sleeps until a batch is complete.

use loom::sync::Arc;
use loom::thread;

use crate::sync::Items;
use crate::wakeup::Wakeup;

struct Queue {
    items: Items,
    batch: usize,
    wakeup: Wakeup,
}

impl Queue {
    fn is_worth_waking(&self) -> bool {
        self.items.len() >= self.batch
    }

    /// `Queue::offer` of otel-core, without its end.
    fn offer(&self) {
        self.items.push();
        if self.is_worth_waking() {
            self.wakeup.is_worthwhile();
        }
    }

    /// `Worker::run` of otel-core, but that this sleeps for ever: loom reports it when nobody is left to wake it.
    fn export(&self, mut batches: usize) {
        while batches > 0 {
            if self.wakeup.may_sleep(|| self.is_worth_waking()) {
                thread::park();
            }
            self.wakeup.woke();
            while batches > 0 && self.is_worth_waking() {
                (0..self.batch).for_each(|_| assert!(self.items.pop(), "a batch is complete"));
                batches -= 1;
            }
        }
    }
}

/// `offering` says how many items each thread offers.
fn nobody_sleeps_over_a_complete_batch(offering: &'static [usize], batch: usize) {
    let mut model = loom::model::Builder::new();
    // A thread is interrupted no more often than that: few faults need more, and all interleavings take hours.
    model.preemption_bound = Some(3);
    model.check(move || {
        let queue = Arc::new(Queue { items: Items::new(), batch, wakeup: Wakeup::new() });
        queue.wakeup.set_worker(thread::current());
        let threads: Vec<_> = offering
            .iter()
            .map(|&items| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || (0..items).for_each(|_| queue.offer()))
            })
            .collect();
        queue.export(offering.iter().sum::<usize>() / batch);
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn one_thread_one_batch() {
    nobody_sleeps_over_a_complete_batch(&[2], 2);
}

#[test]
fn one_thread_several_batches() {
    nobody_sleeps_over_a_complete_batch(&[3], 1);
}

#[test]
fn a_batch_of_two_threads() {
    nobody_sleeps_over_a_complete_batch(&[1, 1], 2);
}

#[test]
fn two_threads_two_batches() {
    nobody_sleeps_over_a_complete_batch(&[1, 1], 1);
}

#[test]
fn more_than_a_batch() {
    nobody_sleeps_over_a_complete_batch(&[2, 1], 2);
}
