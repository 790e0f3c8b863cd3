//! OTLP attributes in a form that can be compared.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Attributes by name. The protocol's integers are strings in JSON; here they are numbers.
pub(crate) type Attributes = BTreeMap<String, Value>;

/// A list of attributes as a map. A name that occurs twice is a fault, and marked as such.
pub(crate) fn attributes(list: &Value) -> Attributes {
    let mut map = Attributes::new();
    for attribute in list.as_array().into_iter().flatten() {
        let key = attribute["key"].as_str().unwrap_or_default().to_owned();
        if map.insert(key.clone(), value(&attribute["value"])).is_some() {
            map.insert(key, json!("TWICE"));
        }
    }
    map
}

fn value(any: &Value) -> Value {
    match any["intValue"].as_str().and_then(|number| number.parse::<i64>().ok()) {
        Some(number) => number.into(),
        None => any.as_object().and_then(|object| object.values().next()).cloned().unwrap_or_default(),
    }
}
