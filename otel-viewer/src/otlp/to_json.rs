//! Protobuf → OTLP/JSON, by the tables of [`schema`](super::schema).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

use super::schema::{Field, Kind, Message};
use super::wire::{Fields, Wire, packed64};

/// The most nested messages: as many as protobuf's own decoders accept.
const DEEPEST: u8 = 100;

/// A message in its wire format that serializes as OTLP/JSON. Malformed parts, unknown fields and values nested too
/// deeply are left out; bytes that are not UTF-8 are replaced by U+FFFD.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsJson<'a> {
    message: &'static Message,
    bytes: &'a [u8],
    depth: u8,
}

impl<'a> AsJson<'a> {
    pub(crate) const fn new(message: &'static Message, bytes: &'a [u8]) -> Self {
        Self { message, bytes, depth: 0 }
    }

    fn values(self, field: &'static Field) -> impl Iterator<Item = Value<'a>> {
        let of_field = move |item: Result<(u32, Wire<'a>), _>| {
            let (number, wire) = item.ok()?;
            (number == field.number).then_some(wire)
        };
        let is_packed = field.is_repeated && matches!(field.kind, Kind::Fixed64 | Kind::Double);
        Fields::of(self.bytes).filter_map(of_field).flat_map(move |wire| {
            let packed = if let (true, Wire::Bytes(bytes)) = (is_packed, wire) { Some(bytes) } else { None };
            let single = packed.is_none().then_some(wire);
            let numbers = packed.into_iter().flat_map(packed64).map(Wire::Fixed64);
            numbers.chain(single).map(move |wire| Value { kind: field.kind, wire, depth: self.depth })
        })
    }
}

impl Serialize for AsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.depth < DEEPEST {
            for field in self.message.fields {
                if field.is_repeated {
                    let values = Repeated { message: *self, field };
                    if self.values(field).next().is_some() {
                        map.serialize_entry(field.name, &values)?;
                    }
                } else if let Some(value) = self.values(field).last() {
                    map.serialize_entry(field.name, &value)?;
                }
            }
        }
        map.end()
    }
}

struct Repeated<'a> {
    message: AsJson<'a>,
    field: &'static Field,
}

impl Serialize for Repeated<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        for value in self.message.values(self.field) {
            sequence.serialize_element(&value)?;
        }
        sequence.end()
    }
}

/// One value of a field.
struct Value<'a> {
    kind: Kind,
    wire: Wire<'a>,
    depth: u8,
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = self.wire.number();
        match self.kind {
            Kind::Text => serializer.serialize_str(&text(self.wire.bytes())),
            Kind::Hex => serializer.serialize_str(&hex(self.wire.bytes())),
            Kind::Base64 => serializer.serialize_str(&STANDARD.encode(self.wire.bytes())),
            Kind::Bool => serializer.serialize_bool(number != 0),
            // Negative values take all 64 bits on the wire.
            Kind::Small => serializer.serialize_i64(number.cast_signed()),
            Kind::Signed => serializer.collect_str(&number.cast_signed()),
            Kind::Fixed64 => serializer.collect_str(&number),
            Kind::Fixed32 => serializer.serialize_u64(number),
            Kind::Double => double(f64::from_bits(number), serializer),
            Kind::Message(message) => {
                AsJson { message, bytes: self.wire.bytes(), depth: self.depth + 1 }.serialize(serializer)
            }
        }
    }
}

/// JSON has no number for NaN and the infinities; [protobuf's](https://protobuf.dev/programming-guides/json/) mapping
/// has names.
fn double<S: Serializer>(value: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_nan() {
        serializer.serialize_str("NaN")
    } else if value.is_infinite() {
        serializer.serialize_str(if value > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        serializer.serialize_f64(value)
    }
}

/// The bytes as text; bytes that are not UTF-8 are replaced.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
