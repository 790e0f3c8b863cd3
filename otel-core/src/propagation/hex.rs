//! Lower-case hexadecimal ids.

use opentelemetry::trace::{SpanId, TraceId};

/// The number of at most 32 lower-case digits.
pub(super) fn hex(digits: &[u8]) -> Option<u128> {
    if digits.len() > 32 {
        return None;
    }
    digits.iter().try_fold(0, |number, &byte| Some(number << 4 | u128::from(digit(byte)?)))
}

/// Turns lower-case digits into their values. Returns `true` if all are digits.
///
/// There is no branch in the loop, so the compiler handles sixteen digits with one instruction.
#[inline]
pub(super) fn to_nibbles<const DIGITS: usize>(digits: &mut [u8; DIGITS]) -> bool {
    let mut wrong = 0_u8;
    for digit in digits {
        let (numeral, letter) = (digit.wrapping_sub(b'0'), digit.wrapping_sub(b'a'));
        let (is_numeral, is_letter) = (numeral < 10, letter < 6);
        wrong |= u8::from(!(is_numeral | is_letter));
        *digit = if is_numeral { numeral } else { letter.wrapping_add(10) };
    }
    wrong == 0
}

/// The number of the sixteen nibbles from `AT` on.
#[inline]
pub(super) fn number<const AT: usize, const NIBBLES: usize>(nibbles: &[u8; NIBBLES]) -> u64 {
    const { assert!(AT + 16 <= NIBBLES) }
    let halves = nibbles.get(AT..AT + 16).unwrap_or_default().as_chunks::<8>();
    let ([first, last], _) = halves else { return 0 };
    u64::from(packed(*first)) << 32 | u64::from(packed(*last))
}

/// Neighbours move together: nibbles to bytes, bytes to halves, halves to the number.
#[inline]
fn packed(nibbles: [u8; 8]) -> u32 {
    let nibbles = u64::from_be_bytes(nibbles);
    let bytes = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff;
    let halves = (bytes | bytes >> 8) & 0x0000_ffff_0000_ffff;
    let [.., a, b, c, d] = (halves | halves >> 16).to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// The lower-case digits of each byte.
static DIGITS: [[u8; 2]; 256] = {
    const fn digit(nibble: u8) -> u8 {
        if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }
    }
    let mut digits = [[0; 2]; 256];
    let mut byte = 0_u8;
    loop {
        digits[byte as usize] = [digit(byte >> 4), digit(byte & 0xf)];
        match byte.checked_add(1) {
            Some(next) => byte = next,
            None => break digits,
        }
    }
};

/// Writes the lower-case digits of bytes.
#[inline]
pub(super) fn write_digits<const BYTES: usize>(bytes: [u8; BYTES], into: &mut [u8]) {
    let (pairs, _) = into.as_chunks_mut();
    for (pair, byte) in pairs.iter_mut().zip(bytes) {
        *pair = DIGITS[usize::from(byte)];
    }
}

/// A trace id that is not zero, of at most 32 digits.
pub(super) fn trace_id(digits: &[u8]) -> Option<TraceId> {
    hex(digits).filter(|id| *id != 0).map(TraceId::from)
}

/// A span id that is not zero, of at most 16 digits.
pub(super) fn span_id(digits: &[u8]) -> Option<SpanId> {
    let id = u64::try_from(hex(digits)?).ok()?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_the_standard_library_does() {
        for byte in 0..=u8::MAX {
            let mut digits = [0; 4];
            write_digits([byte, 0xe0], &mut digits);
            assert_eq!(digits, format!("{byte:02x}e0").as_bytes());
        }
    }

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
                assert_eq!(to_nibbles(&mut digits), is_hex, "{place} {byte:02x}");
                if is_hex {
                    let sixteen =
                        u128::from(number::<0, 20>(&digits)) << 16 | u128::from(number::<4, 20>(&digits) & 0xffff);
                    assert_eq!(Some(sixteen), expected, "{place} {byte:02x}");
                }
            }
        }
        assert_eq!(hex(&[b'0'; 33]), None);
        assert_eq!(hex(&[b'f'; 32]), Some(u128::MAX));
        assert_eq!(hex(b""), Some(0));
    }
}
