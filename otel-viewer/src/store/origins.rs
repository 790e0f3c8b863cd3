//! Resources and scopes, kept once however many spans share them.

use std::collections::HashSet;
use std::sync::Arc;

use crate::otlp::Origin;

/// An origin, and its parts for lists.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct KeptOrigin {
    pub(super) origin: Origin,
    pub(super) service: String,
}

impl KeptOrigin {
    fn size(&self) -> usize {
        self.origin.size() + self.service.len() + size_of::<Self>()
    }
}

/// The origins of all kept spans and log records.
#[derive(Debug, Default)]
pub(super) struct Origins {
    kept: HashSet<Arc<KeptOrigin>>,
    bytes: usize,
}

impl Origins {
    /// The kept origin that equals `origin`.
    pub(super) fn intern(&mut self, origin: Origin) -> Arc<KeptOrigin> {
        let origin = KeptOrigin { service: origin.service(), origin };
        if let Some(kept) = self.kept.get(&origin) {
            return Arc::clone(kept);
        }
        self.bytes += origin.size();
        let origin = Arc::new(origin);
        self.kept.insert(Arc::clone(&origin));
        origin
    }

    /// Forgets `origin` if nothing else refers to it.
    pub(super) fn release(&mut self, origin: &Arc<KeptOrigin>) {
        // This reference, and the one in the set.
        if Arc::strong_count(origin) == 2 && self.kept.remove(origin) {
            self.bytes -= origin.size();
        }
    }

    /// Bytes of all kept origins.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }
}
