//! Instruments that are bound to their attributes, as a thread finds them again.

use std::cell::RefCell;

use crate::direct_mapped::DirectMapped;

/// The number of series that a thread keeps of one kind: more than it usually records.
const KEPT: usize = 64;

/// Series of one kind. They take memory only on threads that record.
#[derive(Debug)]
pub(super) struct Series<K, B>(RefCell<Option<Box<DirectMapped<K, B, KEPT>>>>);

impl<K, B> Series<K, B> {
    pub(super) const fn new() -> Self {
        Self(RefCell::new(None))
    }

    /// Calls `record` with the series that `is_same` recognises, or else with the one that `bind` makes.
    #[inline]
    pub(super) fn record(
        &self,
        hash: u64,
        is_same: impl FnOnce(&K) -> bool,
        bind: impl FnOnce() -> (K, B),
        record: impl FnOnce(&B),
    ) {
        // Borrowed only if the meter provider's code makes a call itself.
        let Ok(mut series) = self.0.try_borrow_mut() else { return record(&bind().1) };
        #[allow(clippy::cast_possible_truncation, reason = "any bits of a hash are as good as others")]
        let hash = hash as usize;
        match series.get_or_insert_default().entry(hash) {
            Some((key, bound)) if is_same(key) => record(bound),
            entry => record(&entry.insert(bind()).1),
        }
    }
}
