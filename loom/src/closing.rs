//! Threads that offer while the queue closes.

use loom::sync::Arc;
use loom::thread;

use crate::queue::Queue;

/// `Worker::end` of otel-core. How many items were exported.
fn end(queue: &Queue<usize>) -> usize {
    queue.close();
    let mut exported = 0;
    queue.visit(|lane| exported += std::mem::take(lane));
    queue.taken(exported);
    exported
}

/// `offering` says how many items each thread offers.
fn everything_is_exported_or_counted(offering: &'static [usize], capacity: usize) {
    let mut model = loom::model::Builder::new();
    // A thread is interrupted no more often than that: few faults need more, and all interleavings take hours.
    model.preemption_bound = Some(4);
    model.check(move || {
        // Nobody is there to be woken.
        let queue = Arc::new(Queue::new(capacity, capacity));
        let threads: Vec<_> = offering
            .iter()
            .map(|&items| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || (0..items).for_each(|_| queue.offer(|lane| *lane += 1)))
            })
            .collect();
        let exported = end(&queue);
        for thread in threads {
            thread.join().unwrap();
        }
        let dropped = usize::try_from(queue.dropped()).unwrap();
        assert_eq!(exported + dropped, offering.iter().sum::<usize>());
        assert!(exported <= capacity);
        let mut left = 0;
        queue.visit(|lane| left += *lane);
        assert_eq!((queue.len(), left), (0, 0));
    });
}

#[test]
fn one_thread() {
    everything_is_exported_or_counted(&[2], 4);
}

#[test]
fn two_threads() {
    everything_is_exported_or_counted(&[2, 1], 4);
}

#[test]
fn two_threads_that_find_it_full() {
    everything_is_exported_or_counted(&[1, 1], 1);
}
