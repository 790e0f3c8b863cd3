//! What all tracers of a provider share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_queue::ArrayQueue;

use super::queue::Queue;
use super::record::{Finished, Place};
use super::sampling::Sampling;
use crate::config::SpanLimitSettings;

/// Decides about spans, and leads to the exporters.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) sampling: Sampling,
    pub(crate) limits: SpanLimitSettings,
    /// One per exporter: one that is slow must not hold up another.
    pub(crate) queues: Vec<Arc<Queue<Place>>>,
    pub(crate) is_shut_down: AtomicBool,
    pub(crate) vacant: Arc<Vacant>,
}

/// Boxes whose spans have been exported, for those that come: what one thread allocates and another frees costs both.
#[derive(Debug)]
pub(crate) struct Vacant(ArrayQueue<Place>);

impl Vacant {
    pub(crate) fn new(most: usize) -> Self {
        Self(ArrayQueue::new(most.max(1)))
    }

    /// Puts the span into a box that was used before, if there is one.
    #[inline]
    pub(crate) fn filled(&self, finished: Finished) -> Place {
        match self.0.pop() {
            Some(mut place) => {
                *place = Some(finished);
                place
            }
            None => Box::new(Some(finished)),
        }
    }

    /// Takes the span, and keeps its box.
    pub(crate) fn emptied(&self, mut place: Place) -> Option<Finished> {
        let finished = place.take();
        // Enough are kept.
        let _ = self.0.push(place);
        finished
    }
}

impl Pipeline {
    pub(crate) fn is_shut_down(&self) -> bool {
        self.is_shut_down.load(Ordering::Relaxed)
    }

    /// Takes a span that ended. Those that are not sampled were recorded for the application's own use only.
    #[inline]
    pub(crate) fn offer(&self, place: Place) {
        if !place.as_ref().as_ref().is_some_and(|finished| finished.span.context.is_sampled()) {
            return;
        }
        if let [queues @ .., last] = self.queues.as_slice() {
            queues.iter().for_each(|queue| queue.offer(place.clone()));
            last.offer(place);
        }
    }
}
