//! Threads that offer while the queue closes.

use loom::sync::Arc;
use loom::thread;

use crate::sync::{AtomicUsize, Items, Ordering};
use crate::wakeup::Gate;

struct Queue {
    items: Items,
    gate: Gate,
    exported: AtomicUsize,
    dropped: AtomicUsize,
}

impl Queue {
    /// `Queue::offer` of otel-core, which wakes nobody.
    fn offer(&self) {
        if !self.gate.is_open() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.items.push();
        if self.gate.is_abandoned() {
            self.drop_rest();
        }
    }

    fn drop_rest(&self) {
        while self.items.pop() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// `Worker::end` of otel-core.
    fn end(&self) {
        self.gate.close();
        for _ in 0..self.items.len() {
            if self.items.pop() {
                self.exported.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.gate.abandon();
        self.drop_rest();
    }
}

/// `offering` says how many items each thread offers.
fn everything_is_exported_or_counted(offering: &'static [usize]) {
    let mut model = loom::model::Builder::new();
    // A thread is interrupted no more often than that: few faults need more, and all interleavings take hours.
    model.preemption_bound = Some(3);
    model.check(move || {
        let (exported, dropped) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let queue = Arc::new(Queue { items: Items::new(), gate: Gate::new(), exported, dropped });
        let threads: Vec<_> = offering
            .iter()
            .map(|&items| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || (0..items).for_each(|_| queue.offer()))
            })
            .collect();
        queue.end();
        for thread in threads {
            thread.join().unwrap();
        }
        let (exported, dropped) = (queue.exported.load(Ordering::Relaxed), queue.dropped.load(Ordering::Relaxed));
        assert_eq!(exported + dropped, offering.iter().sum::<usize>());
        assert_eq!(queue.items.len(), 0);
    });
}

#[test]
fn one_thread() {
    everything_is_exported_or_counted(&[2]);
}

#[test]
fn two_threads() {
    everything_is_exported_or_counted(&[1, 1]);
}
