//! Tests of `queue`. They are in a file of their own because the model checker compiles `queue` with other atomics.

use super::queue::Queue;

fn taken(queue: &Queue<Vec<u32>>) -> Vec<u32> {
    let mut all = Vec::new();
    queue.visit(|shard| all.append(shard));
    queue.taken(all.len());
    all
}

#[test]
fn items_that_do_not_fit_are_dropped_and_counted() {
    let queue = Queue::<Vec<u32>>::new(2, 1);
    (0..5).for_each(|item| queue.offer(|shard| shard.push(item)));
    assert_eq!((queue.len(), queue.dropped()), (2, 3));
    assert_eq!(taken(&queue), [0, 1]);
    assert_eq!(queue.len(), 0);
    queue.close();
    queue.offer(|shard| shard.push(9));
    assert_eq!((queue.len(), queue.dropped(), taken(&queue)), (0, 4, vec![]));
}

#[test]
fn items_that_are_taken_out_of_a_shard_still_wait() {
    let queue = Queue::<Vec<u32>>::new(4, 4);
    (0..3).for_each(|item| queue.offer(|shard| shard.push(item)));
    queue.visit(|shard| *shard = Vec::new());
    (0..3).for_each(|item| queue.offer(|shard| shard.push(item)));
    assert_eq!((queue.len(), queue.dropped()), (4, 2));
    queue.drop_taken(3);
    assert_eq!((queue.len(), queue.dropped()), (1, 5));
}

#[test]
fn a_locked_shard_is_left_alone() {
    let queue = Queue::<Vec<u32>>::new(8, 8);
    queue.offer(|own| {
        own.push(0);
        queue.offer(|other| other.push(1));
    });
    assert_eq!(queue.len(), 2);
    let mut shards = 0;
    queue.visit(|shard| shards += usize::from(!shard.is_empty()));
    assert_eq!(shards, 2);
}

#[test]
fn nobody_sleeps_over_a_complete_batch() {
    let queue = Queue::<Vec<u32>>::new(4, 2);
    queue.offer(|shard| shard.push(1));
    assert!(queue.may_sleep());
    queue.offer(|shard| shard.push(2));
    assert!(!queue.may_sleep());
}
