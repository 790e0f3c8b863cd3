//! Not inside of `queue`, which the model checker compiles with other atomics.

use super::queue::Queue;

fn taken(queue: &Queue<Vec<u32>>) -> Vec<u32> {
    let mut all = Vec::new();
    queue.visit(|lane| all.append(lane));
    queue.taken(all.len());
    all
}

#[test]
fn what_does_not_fit_is_dropped_and_counted() {
    let queue = Queue::<Vec<u32>>::new(2, 1);
    (0..5).for_each(|item| queue.offer(|lane| lane.push(item)));
    assert_eq!((queue.len(), queue.dropped()), (2, 3));
    assert_eq!(taken(&queue), [0, 1]);
    assert_eq!(queue.len(), 0);
    queue.close();
    queue.offer(|lane| lane.push(9));
    assert_eq!((queue.len(), queue.dropped(), taken(&queue)), (0, 4, vec![]));
}

#[test]
fn what_is_taken_out_of_a_lane_still_waits() {
    let queue = Queue::<Vec<u32>>::new(4, 4);
    (0..3).for_each(|item| queue.offer(|lane| lane.push(item)));
    queue.visit(|lane| *lane = Vec::new());
    (0..3).for_each(|item| queue.offer(|lane| lane.push(item)));
    assert_eq!((queue.len(), queue.dropped()), (4, 2));
    queue.drop_taken(3);
    assert_eq!((queue.len(), queue.dropped()), (1, 5));
}

#[test]
fn a_lane_that_somebody_is_at_is_left_alone() {
    let queue = Queue::<Vec<u32>>::new(8, 8);
    queue.offer(|own| {
        own.push(0);
        queue.offer(|other| other.push(1));
    });
    assert_eq!(queue.len(), 2);
    let mut lanes = 0;
    queue.visit(|lane| lanes += usize::from(!lane.is_empty()));
    assert_eq!(lanes, 2);
}

#[test]
fn nobody_sleeps_over_a_complete_batch() {
    let queue = Queue::<Vec<u32>>::new(4, 2);
    queue.offer(|lane| lane.push(1));
    assert!(queue.may_sleep());
    queue.offer(|lane| lane.push(2));
    assert!(!queue.may_sleep());
}
