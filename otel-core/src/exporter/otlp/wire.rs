//! Protobuf, as far as OTLP needs it. The length of a field is known before it is written, or is filled in afterwards.
//!
//! Fields are left out when they hold their default, as the
//! [encoding](https://protobuf.dev/programming-guides/proto3/#default) wants it.

/// The bytes reserved for the length of a message: enough for 16 kilobytes, one too many below 128 bytes.
const LENGTH: usize = 2;

/// How a field's value is encoded ([wire types](https://protobuf.dev/programming-guides/encoding/#structure)).
const VARINT: u8 = 0;
const FIXED64: u8 = 1;
pub(super) const DELIMITED: u8 = 2;
const FIXED32: u8 = 5;

/// The bytes that [`varint`] writes.
#[inline]
pub(super) const fn varint_length(value: u64) -> usize {
    // Seven bits of the value per byte: the highest bit that is set, times 9 / 64 as a division by seven.
    ((value | 1).ilog2() as usize * 9 + 73) / 64
}

/// The bytes of a length and of the content that follows it.
pub(super) const fn delimited_length(content: usize) -> usize {
    varint_length(content as u64) + content
}

#[inline]
pub(super) fn varint(out: &mut Vec<u8>, value: u64) {
    match u8::try_from(value) {
        // Nearly all numbers.
        Ok(byte) if byte < 0x80 => out.push(byte),
        _ => {
            let mut rest = value;
            while rest >= 0x80 {
                // Truncation is wanted: seven bits at a time.
                out.push(rest.to_le_bytes()[0] | 0x80);
                rest >>= 7;
            }
            out.push(rest.to_le_bytes()[0]);
        }
    }
}

/// Writes the key and the length of a length-delimited field. OTLP numbers such fields up to 15.
#[inline]
pub(super) fn delimited(out: &mut Vec<u8>, field: u8, length: usize) {
    out.push(field << 3 | DELIMITED);
    varint(out, length as u64);
}

/// Writes a field of bytes or text, even if it is empty.
#[inline]
pub(super) fn present(out: &mut Vec<u8>, field: u8, value: &[u8]) {
    delimited(out, field, value.len());
    out.extend_from_slice(value);
}

/// Writes a field of bytes, unless it is empty.
#[inline]
pub(super) fn bytes(out: &mut Vec<u8>, field: u8, value: &[u8]) {
    if !value.is_empty() {
        present(out, field, value);
    }
}

/// Writes a field of text, unless it is empty.
#[inline]
pub(super) fn text(out: &mut Vec<u8>, field: u8, value: &str) {
    bytes(out, field, value.as_bytes());
}

/// A field of type `uint32`, or an enumeration.
#[inline]
pub(super) fn number(out: &mut Vec<u8>, field: u8, value: u32) {
    if value != 0 {
        out.push(field << 3 | VARINT);
        varint(out, u64::from(value));
    }
}

/// A field of type `fixed32`.
#[inline]
pub(super) fn fixed32(out: &mut Vec<u8>, field: u8, value: u32) {
    if value != 0 {
        varint(out, u64::from(field) << 3 | u64::from(FIXED32));
        out.extend_from_slice(&value.to_le_bytes());
    }
}

/// A field of type `fixed64`.
#[inline]
pub(super) fn fixed64(out: &mut Vec<u8>, field: u8, value: u64) {
    if value != 0 {
        present_fixed64(out, field, value);
    }
}

/// A field of type `fixed64` or `sfixed64` that is written even if it is zero.
#[inline]
pub(super) fn present_fixed64(out: &mut Vec<u8>, field: u8, value: u64) {
    out.push(field << 3 | FIXED64);
    out.extend_from_slice(&value.to_le_bytes());
}

/// A field of type `double` that is written even if it is zero.
#[inline]
pub(super) fn double(out: &mut Vec<u8>, field: u8, value: f64) {
    present_fixed64(out, field, value.to_bits());
}

/// A field of type `sint32`: negative numbers alternate with positive ones.
pub(super) fn zigzag(out: &mut Vec<u8>, field: u8, value: i32) {
    number(out, field, (value << 1 ^ value >> 31).cast_unsigned());
}

/// Many numbers of eight bytes each, in one field.
pub(super) fn packed(out: &mut Vec<u8>, field: u8, numbers: impl Iterator<Item = [u8; 8]>) {
    let mut numbers = numbers.peekable();
    if numbers.peek().is_some() {
        message(out, field, |out| numbers.for_each(|number| out.extend_from_slice(&number)));
    }
}

/// Writes a message whose length is known only afterwards. Its content moves if the length takes other than [`LENGTH`]
/// bytes.
#[inline]
pub(super) fn message(out: &mut Vec<u8>, field: u8, write: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(&[field << 3 | DELIMITED, 0, 0]);
    let start = out.len();
    write(out);
    set_length(out, start);
}

/// Writes the length of the message that starts at `start`.
fn set_length(out: &mut Vec<u8>, start: usize) {
    let length = out.len() - start;
    let place = start - LENGTH..start;
    if let (LENGTH, Some([low, high])) = (varint_length(length as u64), out.get_mut(place.clone())) {
        // Truncation is wanted: seven bits each, the lower ones first.
        let [bits, more, ..] = (length as u64).to_le_bytes();
        (*low, *high) = (bits | 0x80, more << 1 | bits >> 7);
    } else {
        let mut prefix = Vec::with_capacity(10);
        varint(&mut prefix, length as u64);
        out.splice(place, prefix);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn messages_of_any_length_have_the_shortest_prefix() {
        for length in [0, 1, 127, 128, 129, 255, 256, 300, 16_383, 16_384, 2_097_151, 2_097_152] {
            let content: Vec<u8> = (0..length).map(|at: u32| at.to_le_bytes()[0]).collect();
            let mut out = b"before".to_vec();
            message(&mut out, 3, |out| out.extend_from_slice(&content));
            let mut expected = b"before".to_vec();
            present(&mut expected, 3, &content);
            assert_eq!(out, expected, "{length}");
            assert_eq!(out.len(), b"before".len() + 1 + delimited_length(content.len()));
        }
    }

    #[test]
    fn messages_within_messages() {
        let mut out = Vec::new();
        message(&mut out, 1, |out| {
            number(out, 1, 150);
            message(out, 2, |out| text(out, 1, &"x".repeat(200)));
            message(out, 3, |_| {});
        });
        let mut inner = Vec::new();
        present(&mut inner, 1, "x".repeat(200).as_bytes());
        let mut middle = vec![0x08, 0x96, 0x01];
        present(&mut middle, 2, &inner);
        present(&mut middle, 3, b"");
        let mut expected = Vec::new();
        present(&mut expected, 1, &middle);
        assert_eq!(out, expected);
    }

    #[test]
    fn defaults_are_left_out() {
        let mut out = Vec::new();
        text(&mut out, 1, "");
        number(&mut out, 2, 0);
        fixed32(&mut out, 16, 0);
        fixed64(&mut out, 7, 0);
        assert!(out.is_empty(), "{out:?}");
        fixed32(&mut out, 16, 0x0302_0100);
        assert_eq!(out, [0x85, 0x01, 0, 1, 2, 3]);
    }
}
