//! Threads that offer, and one that sleeps until a batch is complete.

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use crate::queue::Queue;

/// As `Worker::run` of otel-core, but it sleeps without a limit: loom reports a thread that is never woken.
fn export(queue: &Queue<usize>, mut batches: usize, batch: usize) {
    let mut here = 0;
    while batches > 0 {
        if queue.may_sleep() {
            thread::park();
        }
        queue.woke();
        while batches > 0 && queue.is_worth_waking() {
            if here < batch {
                queue.visit(|shard| here += std::mem::take(shard));
            }
            assert!(here >= batch, "a batch is complete");
            here -= batch;
            queue.taken(batch);
            batches -= 1;
        }
    }
}

/// Checks the queue with threads that offer as many items as `offering` says for each.
fn nobody_sleeps_over_a_complete_batch(offering: &'static [usize], batch: usize) {
    let mut model = loom::model::Builder::new();
    // The most interruptions of a thread: few faults need more, and all interleavings would take hours.
    model.preemption_bound = Some(4);
    model.check(move || {
        let queue = Arc::new(Queue::new(4, batch));
        queue.set_worker(thread::current());
        let threads: Vec<_> = offering
            .iter()
            .map(|&items| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || (0..items).for_each(|_| queue.offer(|shard| *shard += 1)))
            })
            .collect();
        export(&queue, offering.iter().sum::<usize>() / batch, batch);
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(queue.dropped(), 0);
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
    nobody_sleeps_over_a_complete_batch(&[2, 2], 2);
}

/// A command comes while the worker waits for something else.
#[test]
fn a_call_is_heard() {
    loom::model(|| {
        let queue = Arc::new(Queue::<usize>::new(4, 4));
        let (is_asked, is_answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        queue.set_worker(thread::current());
        {
            let (queue, is_asked) = (Arc::clone(&queue), Arc::clone(&is_asked));
            thread::spawn(move || {
                is_asked.swap(true, Ordering::SeqCst);
                queue.call();
            });
        }
        {
            let (is_answered, worker) = (Arc::clone(&is_answered), thread::current());
            thread::spawn(move || {
                is_answered.store(true, Ordering::SeqCst);
                worker.unpark();
            });
        }
        // The threads are not joined: in loom, only the end of the joined thread may wake a thread that joins. The
        // exporter works: `unpark` ends only its wait.
        while !is_answered.load(Ordering::SeqCst) {
            thread::park();
        }
        loop {
            if queue.may_sleep() {
                thread::park();
            }
            queue.woke();
            if is_asked.swap(false, Ordering::SeqCst) {
                break;
            }
        }
    });
}
