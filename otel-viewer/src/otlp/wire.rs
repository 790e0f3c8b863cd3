//! Reads and writes [protobuf's wire format](https://protobuf.dev/programming-guides/encoding/).
//!
//! By hand, because the viewer keeps spans as the bytes they arrived in, and because a generated decoder refuses a whole
//! export when one text in it is not UTF-8.

use std::fmt;

/// The bytes are not protobuf, or are cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a message of OTLP")
    }
}

impl std::error::Error for Malformed {}

/// The value of one field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wire<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(&'a [u8]),
}

impl<'a> Wire<'a> {
    /// A text, bytes, or a message; empty if the field has another type.
    pub(crate) fn bytes(self) -> &'a [u8] {
        if let Self::Bytes(bytes) = self { bytes } else { &[] }
    }

    /// A number; 0 if the field has another type.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Varint(number) | Self::Fixed64(number) => number,
            Self::Fixed32(number) => number.into(),
            Self::Bytes(_) => 0,
        }
    }
}

/// Iterates over the fields of a message. Ends after the first error.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) const fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    #[inline]
    fn varint(&mut self) -> Option<u64> {
        match self.rest {
            // Tags, lengths and small numbers take one byte.
            [byte @ ..0x80, rest @ ..] => {
                self.rest = rest;
                Some((*byte).into())
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*array)
    }

    #[inline]
    fn field(&mut self) -> Option<(u32, Wire<'a>)> {
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).ok()?;
        let value = match tag & 7 {
            0 => Wire::Varint(self.varint()?),
            1 => Wire::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                let (bytes, rest) = self.rest.split_at_checked(length)?;
                self.rest = rest;
                Wire::Bytes(bytes)
            }
            5 => Wire::Fixed32(u32::from_le_bytes(self.array()?)),
            _ => return None,
        };
        Some((number, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Wire<'a>), Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field().ok_or(Malformed);
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// Iterates over the values of a packed repeated field of fixed size.
pub(crate) fn packed64(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.chunks_exact(8).filter_map(|chunk| Some(u64::from_le_bytes(chunk.try_into().ok()?)))
}

/// Appends a number of variable length: seven bits in each byte, of which the last has no flag.
#[expect(clippy::cast_possible_truncation, reason = "seven bits fit")]
pub(crate) fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a field.
pub(crate) fn put(out: &mut Vec<u8>, number: u32, value: Wire<'_>) {
    let wire_type = match value {
        Wire::Varint(_) => 0,
        Wire::Fixed64(_) => 1,
        Wire::Bytes(_) => 2,
        Wire::Fixed32(_) => 5,
    };
    put_varint(out, u64::from(number) << 3 | wire_type);
    match value {
        Wire::Varint(number) => put_varint(out, number),
        Wire::Fixed64(number) => out.extend_from_slice(&number.to_le_bytes()),
        Wire::Fixed32(number) => out.extend_from_slice(&number.to_le_bytes()),
        Wire::Bytes(bytes) => {
            put_varint(out, bytes.len() as u64);
            out.extend_from_slice(bytes);
        }
    }
}

/// Appends a field that is a text, bytes or a message.
pub(crate) fn put_bytes(out: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    put(out, number, Wire::Bytes(bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_were_written() {
        let fields = [
            (1, Wire::Varint(0)),
            (2, Wire::Varint(u64::MAX)),
            (16, Wire::Fixed64(7)),
            (17, Wire::Fixed32(9)),
            (500, Wire::Bytes(b"text")),
        ];
        let mut out = Vec::new();
        for (number, value) in fields {
            put(&mut out, number, value);
        }
        let read: Result<Vec<_>, _> = Fields::of(&out).collect();
        assert_eq!(read.as_deref(), Ok(&fields[..]));
    }

    #[test]
    fn a_cut_message_is_malformed_at_every_length() {
        let mut out = Vec::new();
        put_bytes(&mut out, 3, b"name");
        for length in 1..out.len() {
            assert_eq!(Fields::of(&out[..length]).collect::<Vec<_>>(), [Err(Malformed)], "{length}");
        }
    }

    #[test]
    fn numbers_longer_than_64_bits_and_unknown_types_are_malformed() {
        assert_eq!(Fields::of(&[0xff; 16]).next(), Some(Err(Malformed)));
        assert_eq!(Fields::of(&[0x0b]).next(), Some(Err(Malformed)), "a group");
    }
}
