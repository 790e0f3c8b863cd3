//! Attributes as JSON: numbers stay numbers, arrays arrays, keys keep the order in which they were recorded.

use opentelemetry::{Array, KeyValue, StringValue, Value};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// An attribute list as one JSON object.
///
/// The SDK keeps every recording of a key. The last value counts, at the place of the first, as in Python's dictionary.
#[derive(Clone, Copy, Debug)]
pub(super) struct JsonAttributes<L>(pub(super) L);

impl Serialize for JsonAttributes<&[KeyValue]> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        JsonAttributes(self.0.iter().collect::<Vec<_>>()).serialize(serializer)
    }
}

impl Serialize for JsonAttributes<Vec<&KeyValue>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, attribute) in self.0.iter().enumerate() {
            let (before, rest) = self.0.split_at(index);
            if before.iter().any(|earlier| earlier.key == attribute.key) {
                continue;
            }
            let last = rest.iter().rfind(|later| later.key == attribute.key).unwrap_or(attribute);
            map.serialize_entry(attribute.key.as_str(), &JsonValue(&last.value))?;
        }
        map.end()
    }
}

/// One attribute value.
#[derive(Clone, Copy, Debug)]
struct JsonValue<'a>(&'a Value);

impl Serialize for JsonValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::I64(value) => serializer.serialize_i64(*value),
            Value::F64(value) => Double(*value).serialize(serializer),
            Value::String(value) => serializer.serialize_str(value.as_str()),
            Value::Array(Array::Bool(values)) => serializer.collect_seq(values),
            Value::Array(Array::I64(values)) => serializer.collect_seq(values),
            Value::Array(Array::F64(values)) => serializer.collect_seq(values.iter().copied().map(Double)),
            Value::Array(Array::String(values)) => serializer.collect_seq(values.iter().map(StringValue::as_str)),
            // Both enums may grow: a new value is printed as text.
            other => serializer.collect_str(other),
        }
    }
}

/// A number. JSON has no `NaN` and no infinities: they are strings, as in [protobuf's JSON
/// mapping](https://protobuf.dev/programming-guides/json/), so nothing is lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Double(pub(super) f64);

impl Serialize for Double {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if value.is_nan() => serializer.serialize_str("NaN"),
            f64::INFINITY => serializer.serialize_str("Infinity"),
            f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
            value => serializer.serialize_f64(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(attributes: &[KeyValue]) -> String {
        serde_json::to_string(&JsonAttributes(attributes)).unwrap_or_default()
    }

    #[test]
    fn types_are_kept() {
        let attributes = [
            KeyValue::new("z", "text \"quoted\"\n"),
            KeyValue::new("bool", true),
            KeyValue::new("int", i64::MIN),
            KeyValue::new("float", 1.0),
            KeyValue::new("strings", Value::Array(vec![StringValue::from("a")].into())),
            KeyValue::new("ints", Value::Array(vec![1_i64, 2].into())),
            KeyValue::new("bools", Value::Array(vec![false].into())),
            KeyValue::new("none", Value::Array(Vec::<i64>::new().into())),
        ];
        let expected = r#"{"z":"text \"quoted\"\n","bool":true,"int":-9223372036854775808,"float":1.0,"strings":["a"],"ints":[1,2],"bools":[false],"none":[]}"#;
        assert_eq!(json(&attributes), expected);
    }

    #[test]
    fn doubles_that_json_lacks_become_strings() {
        let attributes = [
            KeyValue::new("nan", f64::NAN),
            KeyValue::new("many", Value::Array(vec![f64::INFINITY, f64::NEG_INFINITY, 0.5].into())),
        ];
        assert_eq!(json(&attributes), r#"{"nan":"NaN","many":["Infinity","-Infinity",0.5]}"#);
    }

    #[test]
    fn the_last_recording_of_a_key_counts() {
        let attributes =
            [KeyValue::new("a", 1), KeyValue::new("b", 2), KeyValue::new("a", 3), KeyValue::new("b", "four")];
        assert_eq!(json(&attributes), r#"{"a":3,"b":"four"}"#);
    }
}
