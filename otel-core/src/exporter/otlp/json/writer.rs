//! Protobuf → JSON.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::schema::{FieldKind, FieldSchema, MessageSchema};
use crate::exporter::otlp::reader::{Fields, Wire, fixed64, varint};

/// Appends an encoded message as JSON. Fields that the message does not have are left out, as are those that the schema
/// does not know.
pub(crate) fn write(encoded: &[u8], message: &MessageSchema, out: &mut Vec<u8>) {
    out.push(b'{');
    let mut is_first = true;
    for field in message.0 {
        let mut values = Fields(encoded).filter(|(number, _)| *number == u64::from(field.number)).peekable();
        if values.peek().is_none() && !field.is_always_written {
            continue;
        }
        if !std::mem::take(&mut is_first) {
            out.push(b',');
        }
        string(field.name, out);
        out.push(b':');
        if field.is_repeated {
            list(values.map(|(_, value)| value), field, out);
        } else if let Some((_, value)) = values.last() {
            scalar(value, field.kind, out);
        } else {
            quoted("", out);
        }
    }
    out.push(b'}');
}

fn list<'a>(values: impl Iterator<Item = Wire<'a>>, field: &FieldSchema, out: &mut Vec<u8>) {
    out.push(b'[');
    let start = out.len();
    let element = |value, out: &mut Vec<u8>| {
        if out.len() > start {
            out.push(b',');
        }
        scalar(value, field.kind, out);
    };
    for value in values {
        match (value, field.kind) {
            // Repeated numbers are packed into one field.
            (Wire::Bytes(mut packed), FieldKind::Fixed64 | FieldKind::Double) => {
                while let Some(value) = fixed64(&mut packed) {
                    element(Wire::Fixed64(value), out);
                }
            }
            (Wire::Bytes(mut packed), FieldKind::Uint64) => {
                while let Some(value) = varint(&mut packed) {
                    element(Wire::Varint(value), out);
                }
            }
            (value, _) => element(value, out),
        }
    }
    out.push(b']');
}

#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "protobuf encodes numbers that way")]
fn scalar(value: Wire<'_>, kind: FieldKind, out: &mut Vec<u8>) {
    match (kind, value) {
        (FieldKind::Message(message), Wire::Bytes(bytes)) => write(bytes, message, out),
        (FieldKind::String, Wire::Bytes(bytes)) => string(&String::from_utf8_lossy(bytes), out),
        (FieldKind::Hex, Wire::Bytes(bytes)) => {
            out.push(b'"');
            for byte in bytes {
                plain(&format_args!("{byte:02x}"), out);
            }
            out.push(b'"');
        }
        (FieldKind::Base64, Wire::Bytes(bytes)) => quoted(&BASE64_STANDARD.encode(bytes), out),
        (FieldKind::Bool, Wire::Varint(value)) => plain(&(value != 0), out),
        (FieldKind::Int32, Wire::Varint(value)) => plain(&(value as i32), out),
        // Negative numbers alternate with positive ones (zigzag).
        (FieldKind::Sint32, Wire::Varint(value)) => plain(&((value >> 1) as i32 ^ -((value & 1) as i32)), out),
        (FieldKind::Fixed32, Wire::Fixed32(value)) => plain(&value, out),
        // JavaScript has no integers of 64 bits, so they are strings.
        (FieldKind::Int64, Wire::Varint(value)) | (FieldKind::Sfixed64, Wire::Fixed64(value)) => {
            quoted(&(value as i64).to_string(), out);
        }
        (FieldKind::Uint64, Wire::Varint(value)) | (FieldKind::Fixed64, Wire::Fixed64(value)) => {
            quoted(&value.to_string(), out);
        }
        (FieldKind::Double, Wire::Fixed64(bits)) => double(f64::from_bits(bits), out),
        _ => out.extend_from_slice(b"null"),
    }
}

/// Numbers that JSON has no word for are strings.
fn double(value: f64, out: &mut Vec<u8>) {
    match value {
        f64::INFINITY => quoted("Infinity", out),
        f64::NEG_INFINITY => quoted("-Infinity", out),
        value if value.is_nan() => quoted("NaN", out),
        // The shortest text that is read back as the same number.
        value => out.extend_from_slice(format!("{value:?}").as_bytes()),
    }
}

fn plain(value: &impl ToString, out: &mut Vec<u8>) {
    out.extend_from_slice(value.to_string().as_bytes());
}

/// Text without anything to escape.
fn quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

fn string(text: &str, out: &mut Vec<u8>) {
    // Writing text to memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}
