//! Attributes as JSON: numbers stay numbers, arrays arrays, keys keep the order in which they were recorded.

use opentelemetry::{Array, KeyValue, StringValue, Value};
use opentelemetry_sdk::Resource;

use super::json_value::{Json, JsonField};

/// A list of attributes as one object.
pub(super) fn object<'a>(attributes: &mut dyn Iterator<Item = &'a KeyValue>) -> Json<'a> {
    let mut fields = Vec::new();
    for KeyValue { key, value, .. } in attributes {
        set(&mut fields, key.as_str(), attribute_value(value));
    }
    Json::Object(fields)
}

/// Sets a field. The SDK keeps every recording of a key. The last value counts, at the place of the first, as in Python's
/// dictionary.
pub(super) fn set<'a>(fields: &mut Vec<JsonField<'a>>, key: &'a str, value: Json<'a>) {
    match fields.iter_mut().find(|(known, _)| *known == key) {
        Some((_, first)) => *first = value,
        None => fields.push((key, value)),
    }
}

/// A resource, in the layout that all signals share. The SDK keeps it in a hash map, whose order differs from run to run.
pub(super) fn resource(resource: &Resource) -> Json<'_> {
    let attributes = resource.iter().map(|(key, value)| (key.as_str(), attribute_value(value)));
    Json::Object(vec![("attributes", sorted(attributes)), ("schema_url", schema_url(resource).into())])
}

/// The schema URL of a resource; empty if there is none.
pub(super) fn schema_url(resource: &Resource) -> &str {
    resource.schema_url().unwrap_or_default()
}

/// An object whose fields are sorted by their keys.
pub(super) fn sorted<'a>(entries: impl Iterator<Item = JsonField<'a>>) -> Json<'a> {
    let mut fields: Vec<JsonField<'a>> = Vec::new();
    for (key, value) in entries {
        let place = fields.partition_point(|(known, _)| *known < key);
        fields.insert(place, (key, value));
    }
    Json::Object(fields)
}

fn attribute_value(value: &Value) -> Json<'_> {
    match value {
        Value::Bool(value) => (*value).into(),
        Value::I64(value) => (*value).into(),
        Value::F64(value) => (*value).into(),
        Value::String(value) => value.as_str().into(),
        Value::Array(Array::Bool(values)) => Json::list(values.iter().copied().map(Json::from)),
        Value::Array(Array::I64(values)) => Json::list(values.iter().copied().map(Json::from)),
        Value::Array(Array::F64(values)) => Json::list(values.iter().copied().map(Json::from)),
        Value::Array(Array::String(values)) => Json::list(values.iter().map(StringValue::as_str).map(Json::from)),
        // Both enums may grow: a new value is printed as text.
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(attributes: &[KeyValue]) -> String {
        serde_json::to_string(&object(&mut attributes.iter())).unwrap_or_default()
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
