//! One attribute: a `KeyValue` message and the `AnyValue` in it
//! ([definition](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/common/v1/common.proto)).

use opentelemetry::{Array, KeyValue, Value};

use super::wire::{self, DELIMITED};
use crate::recorder::cut;

/// Most bytes of key and text together, so that the length of their message takes one byte.
const SHORT: u8 = 127 - 6;

/// Most bytes of the key of a whole number, which takes up to ten bytes.
const SHORT_KEY: u8 = 127 - 5 - 10;

/// A borrowed value, and the most characters of its texts that are sent.
#[derive(Clone, Copy, Debug)]
pub(super) enum ValueRef<'a> {
    Bool(bool),
    Integer(i64),
    Double(f64),
    Text(&'a str),
    List(&'a Array, Option<usize>),
    /// A type that is newer than this code: sent as no value.
    Unknown,
}

impl<'a> ValueRef<'a> {
    /// A value whose texts are cut after `longest` characters.
    pub(super) fn of(value: &'a Value, longest: Option<usize>) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::I64(value) => Self::Integer(*value),
            Value::F64(value) => Self::Double(*value),
            Value::String(value) => Self::Text(cut(value.as_str(), longest)),
            Value::Array(values) => Self::List(values, longest),
            _ => Self::Unknown,
        }
    }

    /// The number of bytes that [`write`](Self::write) writes.
    #[inline]
    fn length(self) -> usize {
        match self {
            Self::Bool(_) => 2,
            Self::Integer(value) => 1 + wire::varint_length(value.cast_unsigned()),
            Self::Double(_) => 9,
            Self::Text(text) => 1 + wire::delimited_length(text.len()),
            Self::List(values, longest) => 1 + wire::delimited_length(list_length(values, longest)),
            Self::Unknown => 0,
        }
    }

    #[inline]
    fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => wire::present(out, 1, text.as_bytes()),
            // `false` is written although it is the default: the field that is present shows the type.
            Self::Bool(value) => out.extend_from_slice(&[2 << 3, u8::from(value)]),
            Self::Integer(value) => {
                out.push(3 << 3);
                wire::varint(out, value.cast_unsigned());
            }
            Self::Double(value) => {
                out.push(4 << 3 | 1);
                out.extend_from_slice(&value.to_le_bytes());
            }
            Self::List(values, longest) => {
                wire::delimited(out, 5, list_length(values, longest));
                elements(values, longest, |element| {
                    wire::delimited(out, 1, element.length());
                    element.write(out);
                });
            }
            Self::Unknown => {}
        }
    }
}

fn list_length(values: &Array, longest: Option<usize>) -> usize {
    let mut length = 0;
    elements(values, longest, |element| length += 1 + wire::delimited_length(element.length()));
    length
}

fn elements<'a>(values: &'a Array, longest: Option<usize>, visit: impl FnMut(ValueRef<'a>)) {
    match values {
        Array::Bool(values) => values.iter().copied().map(ValueRef::Bool).for_each(visit),
        Array::I64(values) => values.iter().copied().map(ValueRef::Integer).for_each(visit),
        Array::F64(values) => values.iter().copied().map(ValueRef::Double).for_each(visit),
        Array::String(values) => values.iter().map(|text| ValueRef::Text(cut(text.as_str(), longest))).for_each(visit),
        _ => {}
    }
}

/// One attribute, in a field of a message that has many.
fn attribute(out: &mut Vec<u8>, field: u8, key: &str, value: ValueRef<'_>) {
    let value_length = value.length();
    // The API lets an empty key through.
    let key_length = if key.is_empty() { 0 } else { 1 + wire::delimited_length(key.len()) };
    let length = key_length + 1 + wire::delimited_length(value_length);
    out.reserve(1 + wire::delimited_length(length));
    wire::delimited(out, field, length);
    wire::text(out, 1, key);
    wire::delimited(out, 2, value_length);
    value.write(out);
}

/// As [`attribute`], for any value, whose texts are cut after `longest` characters.
pub(super) fn any_attribute(out: &mut Vec<u8>, field: u8, key: &str, value: &Value, longest: Option<usize>) {
    match ValueRef::of(value, longest) {
        ValueRef::Text(text) => text_attribute(out, field, key, text),
        ValueRef::Integer(value) => integer_attribute(out, field, key, value),
        value => attribute(out, field, key, value),
    }
}

/// As [`attribute`], for text. If all lengths fit into one byte each, it takes two short copies.
#[inline(always)]
#[allow(clippy::inline_always, reason = "most keys are known where this is called")]
pub(super) fn text_attribute(out: &mut Vec<u8>, field: u8, key: &str, text: &str) {
    if let (Ok(key_length), Ok(length)) = (u8::try_from(key.len()), u8::try_from(text.len()))
        && let Some(both @ 1..=SHORT) = key_length.checked_add(length)
        && key_length > 0
    {
        out.reserve(usize::from(both) + 8);
        out.extend_from_slice(&[field << 3 | DELIMITED, both + 6, 1 << 3 | DELIMITED, key_length]);
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(&[2 << 3 | DELIMITED, length + 2, 1 << 3 | DELIMITED, length]);
        out.extend_from_slice(text.as_bytes());
    } else {
        attribute(out, field, key, ValueRef::Text(text));
    }
}

/// As [`attribute`], for a whole number.
#[inline(always)]
#[allow(clippy::inline_always, reason = "most keys are known where this is called")]
pub(super) fn integer_attribute(out: &mut Vec<u8>, field: u8, key: &str, value: i64) {
    let varint = wire::varint_length(value.cast_unsigned());
    if let (Ok(key_length @ 1..=SHORT_KEY), Ok(length)) = (u8::try_from(key.len()), u8::try_from(varint)) {
        out.reserve(key.len() + varint + 7);
        out.extend_from_slice(&[field << 3 | DELIMITED, key_length + length + 5, 1 << 3 | DELIMITED, key_length]);
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(&[2 << 3 | DELIMITED, length + 1, 3 << 3]);
        wire::varint(out, value.cast_unsigned());
    } else {
        attribute(out, field, key, ValueRef::Integer(value));
    }
}

/// Writes attributes, and cuts their texts after `longest` characters.
pub(super) fn attributes<'a>(
    out: &mut Vec<u8>,
    field: u8,
    attributes: impl IntoIterator<Item = &'a KeyValue>,
    longest: Option<usize>,
) {
    for KeyValue { key, value, .. } in attributes {
        any_attribute(out, field, key.as_str(), value, longest);
    }
}
