//! Lower-case hexadecimal ids.

use opentelemetry::trace::{SpanId, TraceId};

/// The number that at most 32 lower-case digits spell.
pub(super) fn hex(digits: &[u8]) -> Option<u128> {
    if digits.len() > 32 {
        return None;
    }
    let (odd, eights) = digits.as_rchunks::<8>();
    let first = odd.iter().try_fold(0, |number, &byte| Some(number << 4 | u128::from(digit(byte)?)))?;
    eights.iter().try_fold(first, |number, &eight| Some(number << 32 | u128::from(eight_digits(eight)?)))
}

/// The number that eight digits spell, all at once: each byte of a word is one.
#[inline]
fn eight_digits(digits: [u8; 8]) -> Option<u32> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = 0x80 * EACH;
    let word = u64::from_be_bytes(digits);
    // In the top bit of each byte: whether the byte, which is below 0x80, is at least this.
    let at_least = |least: u8| word.wrapping_add(u64::from(0x80 - least) * EACH) & TOP;
    let letters = at_least(b'a') & !at_least(b'f' + 1);
    let numerals = at_least(b'0') & !at_least(b'9' + 1);
    if word & TOP != 0 || letters | numerals != TOP {
        return None;
    }
    let nibbles = (word & (0x0f * EACH)) + (letters >> 7) * 9;
    // Neighbours move together: nibbles to bytes, bytes to halves, halves to the number.
    let bytes = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff;
    let halves = (bytes | bytes >> 8) & 0x0000_ffff_0000_ffff;
    let [.., a, b, c, d] = (halves | halves >> 16).to_be_bytes();
    Some(u32::from_be_bytes([a, b, c, d]))
}

/// A trace id that is not zero, of at most 32 digits.
pub(super) fn trace_id(digits: &[u8]) -> Option<TraceId> {
    let id = match digits.as_chunks::<16>() {
        ([first, last], []) => u128::from(sixteen_digits(first)?) << 64 | u128::from(sixteen_digits(last)?),
        _ => hex(digits)?,
    };
    (id != 0).then(|| TraceId::from(id))
}

/// A span id that is not zero, of at most 16 digits.
pub(super) fn span_id(digits: &[u8]) -> Option<SpanId> {
    let id = match digits.as_chunks::<16>() {
        ([digits], []) => sixteen_digits(digits)?,
        _ => u64::try_from(hex(digits)?).ok()?,
    };
    (id != 0).then(|| SpanId::from(id))
}

/// A byte.
pub(super) fn two_digits([high, low]: [u8; 2]) -> Option<u8> {
    Some(digit(high)? << 4 | digit(low)?)
}

fn digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[inline]
fn sixteen_digits(digits: &[u8; 16]) -> Option<u64> {
    let ([first, last], []) = digits.as_chunks::<8>() else { return None };
    Some(u64::from(eight_digits(*first)?) << 32 | u64::from(eight_digits(*last)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_in_every_place() {
        for place in 0..20 {
            for byte in 0..=u8::MAX {
                let mut digits = *b"0123456789abcdef0123";
                digits[place] = byte;
                let text = str::from_utf8(&digits).unwrap_or("no text");
                let is_hex = byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                let expected = is_hex.then(|| u128::from_str_radix(text, 16).unwrap_or_default());
                assert_eq!(hex(&digits), expected, "{place} {byte:02x}");
            }
        }
        assert_eq!(hex(&[b'0'; 33]), None);
        assert_eq!(hex(&[b'f'; 32]), Some(u128::MAX));
        assert_eq!(hex(b""), Some(0));
    }
}
