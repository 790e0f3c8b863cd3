//! Bytes that were made of the same before.
//!
//! Most requests of a service come from few peers, for few hosts, by few user agents. What is written for those is written
//! once, and copied from then on.

/// Places. What is looked for has one of them, which it takes from whatever is there.
const PLACES: usize = 128;

/// Longest key, and most bytes, that are remembered.
const LONGEST: usize = 512;

/// Attributes that are remembered, encoded.
#[derive(Debug)]
pub(super) struct Memo {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    kind: u8,
    key: Vec<u8>,
    bytes: Vec<u8>,
    attributes: u32,
}

impl Default for Memo {
    fn default() -> Self {
        Self { entries: vec![Entry::default(); PLACES] }
    }
}

impl Memo {
    /// What was made of `key`, and how many attributes that are.
    #[inline]
    pub(super) fn find(&self, kind: u8, key: &[u8]) -> Option<(&[u8], u32)> {
        let entry = self.entries.get(place(kind, key))?;
        (entry.kind == kind && entry.key == key).then_some((&entry.bytes, entry.attributes))
    }

    /// Remembers what was made of `key`. Kinds are numbered from one.
    pub(super) fn remember(&mut self, kind: u8, key: &[u8], bytes: &[u8], attributes: u32) {
        if key.len().max(bytes.len()) <= LONGEST
            && let Some(entry) = self.entries.get_mut(place(kind, key))
        {
            entry.kind = kind;
            entry.key.clear();
            entry.key.extend_from_slice(key);
            entry.bytes.clear();
            entry.bytes.extend_from_slice(bytes);
            entry.attributes = attributes;
        }
    }
}

/// By the length, the first bytes and the last ones: addresses and user agents differ in these.
#[inline]
fn place(kind: u8, key: &[u8]) -> usize {
    let word = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let (mut first, mut last) = (word(key.first_chunk()), word(key.last_chunk()));
    if key.len() < 8 {
        first = key.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
        last = 0;
    }
    let mixed =
        (first ^ last.rotate_left(29) ^ (key.len() as u64) << 8 ^ u64::from(kind)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // The upper bits are the ones that depend on all others.
    usize::try_from(mixed >> 32).unwrap_or_default() % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_what_was_remembered_last() {
        let mut memo = Memo::default();
        assert_eq!(memo.find(1, b""), None);
        // Many more than there are places.
        for number in 0..10 * PLACES {
            let key = format!("key {number}");
            let bytes = format!("bytes {number}");
            memo.remember(1, key.as_bytes(), bytes.as_bytes(), 2);
            assert_eq!(memo.find(1, key.as_bytes()), Some((bytes.as_bytes(), 2)));
            assert_eq!(memo.find(2, key.as_bytes()), None);
            assert_eq!(memo.find(1, format!("{key}x").as_bytes()), None);
        }
        memo.remember(1, &[0; LONGEST + 1], b"", 1);
        assert_eq!(memo.find(1, &[0; LONGEST + 1]), None);
    }

    #[test]
    fn addresses_are_spread() {
        let mut places: Vec<_> = (0..=u8::MAX).map(|last| place(1, &[192, 0, 2, last])).collect();
        places.sort_unstable();
        places.dedup();
        assert!(places.len() > PLACES / 2, "{}", places.len());
    }
}
