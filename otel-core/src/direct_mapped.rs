//! A small cache in which each key has exactly one entry.

/// A direct-mapped cache of `N` entries: a look-up reads one entry, and a new value replaces the one in its entry.
///
/// The caller computes the hash, because its keys suggest one that costs less than a general hash function.
///
/// ```
/// use otel_core::direct_mapped::DirectMapped;
///
/// let mut cache: DirectMapped<u32, &str, 8> = DirectMapped::new();
/// *cache.entry(3) = Some((3, "three"));
/// assert_eq!(cache.get(3, |&key| key == 3), Some(&"three"));
/// // 11 has the same entry.
/// assert_eq!(cache.get(11, |&key| key == 11), None);
/// ```
#[derive(Debug)]
pub struct DirectMapped<K, V, const N: usize> {
    entries: [Option<(K, V)>; N],
}

impl<K, V, const N: usize> DirectMapped<K, V, N> {
    /// Creates an empty cache.
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(N > 0, "a cache has at least one entry") };
        Self { entries: [const { None }; N] }
    }

    /// Returns the value in the entry of `hash`, if `is_key` accepts its key.
    #[inline]
    pub fn get(&self, hash: usize, is_key: impl FnOnce(&K) -> bool) -> Option<&V> {
        self.entries[hash % N].as_ref().filter(|(key, _)| is_key(key)).map(|(_, value)| value)
    }

    /// Returns the entry of `hash`, whichever key is in it.
    #[inline]
    pub fn entry(&mut self, hash: usize) -> &mut Option<(K, V)> {
        &mut self.entries[hash % N]
    }
}

impl<K, V, const N: usize> Default for DirectMapped<K, V, N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_entry_replace_each_other_and_no_other() {
        let mut cache = DirectMapped::<usize, usize, 4>::new();
        for key in 0..6 {
            *cache.entry(key) = Some((key, 10 * key));
        }
        let found: Vec<_> = (0..6).map(|key| cache.get(key, |other| *other == key).copied()).collect();
        assert_eq!(found, [None, None, Some(20), Some(30), Some(40), Some(50)]);
    }

    #[test]
    fn an_entry_can_be_taken_out() {
        let mut cache = DirectMapped::<&str, u8, 1>::default();
        *cache.entry(usize::MAX) = Some(("key", 1));
        assert_eq!(cache.entry(0).take(), Some(("key", 1)));
        assert_eq!(cache.get(0, |_| true), None);
    }
}
