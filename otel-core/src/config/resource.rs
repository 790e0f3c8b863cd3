//! `OTEL_RESOURCE_ATTRIBUTES`: `key=value` members with percent-encoding
//! ([specification](https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable)).

use opentelemetry::KeyValue;
use percent_encoding::percent_decode_str;

use super::problem::Problem;
use super::setting::Setting;
use super::source::Source;
use super::source::members;

const VARIABLE: &str = "OTEL_RESOURCE_ATTRIBUTES";

/// The well-formed members. The specification lets an error discard the whole value; losing `service.name` because of
/// a malformed neighbour would be worse, so only the malformed member is left out, and reported.
pub(super) fn read(source: &mut Source<'_>) -> Vec<KeyValue> {
    if let Some(Setting::Attributes(attributes)) = source.setting(VARIABLE) {
        return attributes;
    }
    let Some(text) = source.text(VARIABLE) else { return Vec::new() };
    let mut attributes = Vec::new();
    for (index, member) in members(&text).enumerate() {
        match parse(member) {
            Ok((key, value)) => attributes.push(KeyValue::new(key, value)),
            Err(reason) => source.report(Problem::new(VARIABLE, shown(index, member), reason, "the other attributes")),
        }
    }
    attributes
}

/// A member without its value, which may be a secret. A later key may be the rest of a value that has a comma.
pub(super) fn shown(index: usize, member: &str) -> String {
    match member.split_once('=') {
        Some((key, _)) if index == 0 => format!("{}=…", key.trim()),
        _ => format!("member {}", index + 1),
    }
}

pub(super) fn parse(member: &str) -> Result<(String, String), &'static str> {
    let (key, value) = member.split_once('=').ok_or("expected key=value")?;
    let key = decode(key)?;
    if key.is_empty() {
        return Err("the key is empty");
    }
    Ok((key, decode(value)?))
}

/// Undoes percent-encoding; a `%` that starts no escape stands for itself.
pub(super) fn decode(text: &str) -> Result<String, &'static str> {
    let decoded = percent_decode_str(text.trim()).decode_utf8();
    decoded.map(std::borrow::Cow::into_owned).map_err(|_| "not UTF-8 after percent-decoding")
}
