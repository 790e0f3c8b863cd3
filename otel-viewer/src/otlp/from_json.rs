//! OTLP/JSON → protobuf, by the tables of [`schema`](super::schema).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::schema::{Field, Kind, Message};
use super::wire::{Malformed, Wire, put, put_bytes};

/// The wire format of `message`, from its JSON. Fields that are not in the table are skipped, as the specification asks.
pub(crate) fn from_json(message: &'static Message, json: &[u8]) -> Result<Vec<u8>, Malformed> {
    let json: Value = serde_json::from_slice(json).map_err(|_| Malformed)?;
    let mut out = Vec::new();
    write_message(&mut out, message, &json)?;
    Ok(out)
}

fn write_message(out: &mut Vec<u8>, message: &'static Message, json: &Value) -> Result<(), Malformed> {
    let object = json.as_object().ok_or(Malformed)?;
    for field in message.fields {
        match object.get(field.name) {
            // `null` is the default value.
            None | Some(Value::Null) => {}
            Some(Value::Array(values)) if field.is_repeated => {
                values.iter().try_for_each(|value| write_field(out, field, value))?;
            }
            Some(value) if !field.is_repeated => write_field(out, field, value)?,
            Some(_) => return Err(Malformed),
        }
    }
    Ok(())
}

fn write_field(out: &mut Vec<u8>, field: &'static Field, json: &Value) -> Result<(), Malformed> {
    let wire = match field.kind {
        Kind::Message(message) => {
            let mut inner = Vec::new();
            write_message(&mut inner, message, json)?;
            put_bytes(out, field.number, &inner);
            return Ok(());
        }
        Kind::Text => return text(json).map(|text| put_bytes(out, field.number, text.as_bytes())),
        Kind::Hex => return unhex(text(json)?).map(|bytes| put_bytes(out, field.number, &bytes)),
        Kind::Base64 => {
            let bytes = STANDARD.decode(text(json)?).map_err(|_| Malformed)?;
            put_bytes(out, field.number, &bytes);
            return Ok(());
        }
        Kind::Bool => Wire::Varint(json.as_bool().ok_or(Malformed)?.into()),
        Kind::Small | Kind::Signed => Wire::Varint(signed(json)?.cast_unsigned()),
        Kind::Fixed64 => Wire::Fixed64(unsigned(json)?),
        Kind::Fixed32 => Wire::Fixed32(u32::try_from(unsigned(json)?).map_err(|_| Malformed)?),
        Kind::Double => Wire::Fixed64(double(json)?.to_bits()),
    };
    put(out, field.number, wire);
    Ok(())
}

fn text(json: &Value) -> Result<&str, Malformed> {
    json.as_str().ok_or(Malformed)
}

/// 64-bit numbers are decimal strings, but [numbers are accepted](https://protobuf.dev/programming-guides/json/).
fn signed(json: &Value) -> Result<i64, Malformed> {
    json.as_i64().or_else(|| json.as_str()?.parse().ok()).ok_or(Malformed)
}

fn unsigned(json: &Value) -> Result<u64, Malformed> {
    json.as_u64().or_else(|| json.as_str()?.parse().ok()).ok_or(Malformed)
}

fn double(json: &Value) -> Result<f64, Malformed> {
    // Rust's names are "NaN", "inf" and "infinity" in any case, and so are protobuf's.
    json.as_f64().or_else(|| json.as_str()?.parse().ok()).ok_or(Malformed)
}

/// The bytes that hexadecimal digits of either case stand for.
pub(crate) fn unhex(digits: &str) -> Result<Vec<u8>, Malformed> {
    let digit = |byte: u8| {
        let digit = char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        digit.ok_or(Malformed)
    };
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| match *pair {
            [high, low] => Ok(digit(high)? << 4 | digit(low)?),
            _ => Err(Malformed),
        })
        .collect()
}
