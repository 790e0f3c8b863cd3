//! What all tracers of a provider share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::queue::Queue;
use super::record::Finished;
use super::sampling::Sampling;
use crate::config::SpanLimitSettings;

/// Decides about spans, and leads to the exporters.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) sampling: Sampling,
    pub(crate) limits: SpanLimitSettings,
    /// One per exporter: one that is slow must not hold up another.
    pub(crate) queues: Vec<Arc<Queue<Finished>>>,
    pub(crate) is_shut_down: AtomicBool,
}

impl Pipeline {
    pub(crate) fn is_shut_down(&self) -> bool {
        self.is_shut_down.load(Ordering::Relaxed)
    }

    /// Takes a span that ended. Those that are not sampled were recorded for the application's own use only.
    pub(crate) fn offer(&self, finished: Finished) {
        if !finished.span.context.is_sampled() {
            return;
        }
        if let [queues @ .., last] = self.queues.as_slice() {
            queues.iter().for_each(|queue| queue.offer(finished.clone()));
            last.offer(finished);
        }
    }
}
