//! What all tracers of a provider share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::lane::Lane;
use super::queue::Queue;
use super::record::Origin;
use super::sampling::Sampling;
use super::slot::Slot;
use crate::config::SpanLimitSettings;

/// Decides about spans, and leads to the exporters.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) sampling: Sampling,
    pub(crate) limits: SpanLimitSettings,
    /// One per exporter: one that is slow must not hold up another.
    pub(crate) queues: Vec<Arc<Queue<Lane>>>,
    pub(crate) is_shut_down: AtomicBool,
}

impl Pipeline {
    pub(crate) fn is_shut_down(&self) -> bool {
        self.is_shut_down.load(Ordering::Relaxed)
    }

    /// Takes a span that ended. Those that are not sampled were recorded for the application's own use only.
    #[inline]
    pub(super) fn offer(&self, origin: &Arc<Origin>, slot: &mut Slot) {
        if let ([others @ .., last], true) = (self.queues.as_slice(), slot.record.ids.flags.is_sampled()) {
            for queue in others {
                queue.offer(|lane| lane.push(origin, slot, true));
            }
            last.offer(|lane| lane.push(origin, slot, false));
        }
    }
}
