//! A cache of encoded attributes.
//!
//! Most requests of a service come from few peers, for few hosts, by few user agents. Their attributes are encoded once and
//! copied from then on.

use crate::direct_mapped::DirectMapped;

/// Number of cache entries; each key maps to one.
const CACHE_SIZE: usize = 128;

/// The longest key, and the longest encoding, that the cache holds, in bytes.
const MAX_LENGTH: usize = 512;

/// Encoded attributes, by their kind and the bytes that they were encoded from.
#[derive(Debug, Default)]
pub(super) struct Memo {
    entries: Box<DirectMapped<(u8, Vec<u8>), Encoded, CACHE_SIZE>>,
}

#[derive(Debug, Default)]
struct Encoded {
    bytes: Vec<u8>,
    attributes: u32,
}

impl Memo {
    /// Returns the encoding of `key`, and the number of attributes in it.
    #[inline]
    pub(super) fn find(&self, kind: u8, key: &[u8]) -> Option<(&[u8], u32)> {
        let is_key = |(other, bytes): &(u8, Vec<u8>)| *other == kind && bytes == key;
        self.entries.get(hash(kind, key), is_key).map(|encoded| (&encoded.bytes[..], encoded.attributes))
    }

    /// Stores the encoding of `key`, unless one of the two is too long.
    pub(super) fn remember(&mut self, kind: u8, key: &[u8], bytes: &[u8], attributes: u32) {
        if key.len().max(bytes.len()) > MAX_LENGTH {
            return;
        }
        // The buffers of the previous key are used again.
        let ((stored_kind, stored_key), encoded) = self.entries.entry(hash(kind, key)).get_or_insert_default();
        *stored_kind = kind;
        stored_key.clear();
        stored_key.extend_from_slice(key);
        encoded.bytes.clear();
        encoded.bytes.extend_from_slice(bytes);
        encoded.attributes = attributes;
    }
}

/// Hashes the length, the first bytes and the last bytes: addresses and user agents differ in these.
#[inline]
fn hash(kind: u8, key: &[u8]) -> usize {
    let word = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let (mut first, mut last) = (word(key.first_chunk()), word(key.last_chunk()));
    if key.len() < 8 {
        first = key.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
        last = 0;
    }
    let mixed =
        (first ^ last.rotate_left(29) ^ (key.len() as u64) << 8 ^ u64::from(kind)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // Only the upper bits depend on all others.
    usize::try_from(mixed >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_finds_the_encoding_that_was_stored_last() {
        let mut memo = Memo::default();
        assert_eq!(memo.find(1, b""), None);
        // Many more than there are entries.
        for number in 0..10 * CACHE_SIZE {
            let key = format!("key {number}");
            let bytes = format!("bytes {number}");
            memo.remember(1, key.as_bytes(), bytes.as_bytes(), 2);
            assert_eq!(memo.find(1, key.as_bytes()), Some((bytes.as_bytes(), 2)));
            assert_eq!(memo.find(2, key.as_bytes()), None);
            assert_eq!(memo.find(1, format!("{key}x").as_bytes()), None);
        }
        memo.remember(1, &[0; MAX_LENGTH + 1], b"", 1);
        assert_eq!(memo.find(1, &[0; MAX_LENGTH + 1]), None);
    }

    #[test]
    fn addresses_are_spread() {
        let mut entries: Vec<_> = (0..=u8::MAX).map(|last| hash(1, &[192, 0, 2, last]) % CACHE_SIZE).collect();
        entries.sort_unstable();
        entries.dedup();
        assert!(entries.len() > CACHE_SIZE / 2, "{}", entries.len());
    }
}
