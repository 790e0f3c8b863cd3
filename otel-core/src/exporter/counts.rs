//! Counts of items that wait for an exporter, or were lost before it.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the items of one signal on their way to one exporter.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    ended: AtomicU64,
    /// Exported, or reported as lost by the exporter.
    settled: AtomicU64,
}

impl Counts {
    pub(crate) fn one_more(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn settle(&self, items: usize) {
        self.settled.fetch_add(u64::try_from(items).unwrap_or(u64::MAX), Ordering::Release);
    }

    pub(crate) fn ended(&self) -> u64 {
        self.ended.load(Ordering::Acquire)
    }

    /// Items that ended and have not been given to the exporter, or have not been exported yet.
    pub(crate) fn outstanding(&self) -> u64 {
        let settled = self.settled.load(Ordering::Acquire);
        self.ended().saturating_sub(settled)
    }

    /// The same for the items that [`ended`](Self::ended) had counted: a lower bound.
    pub(crate) fn outstanding_of(&self, ended: u64) -> u64 {
        ended.saturating_sub(self.settled.load(Ordering::Acquire))
    }
}
