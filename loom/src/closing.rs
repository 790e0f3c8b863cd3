//! Threads that offer while the queue closes.

use loom::sync::Arc;
use loom::thread;

use crate::queue::Queue;

/// As `Worker::end` of otel-core. Returns the number of items that were exported.
fn end(queue: &Queue<usize>) -> usize {
    queue.close();
    let mut exported = 0;
    queue.visit(|shard| exported += std::mem::take(shard));
    queue.taken(exported);
    exported
}

/// Checks the queue with threads that offer as many items as `offering` says for each.
fn everything_is_exported_or_counted(offering: &'static [usize], capacity: usize) {
    let mut model = loom::model::Builder::new();
    // The most interruptions of a thread: few faults need more, and all interleavings would take hours.
    model.preemption_bound = Some(4);
    model.check(move || {
        // There is no worker to wake.
        let queue = Arc::new(Queue::new(capacity, capacity));
        let threads: Vec<_> = offering
            .iter()
            .map(|&items| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || (0..items).for_each(|_| queue.offer(|shard| *shard += 1)))
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
        queue.visit(|shard| left += *shard);
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
