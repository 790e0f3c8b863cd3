//! `resource`: the service that emits.

use opentelemetry::{Array, KeyValue, Value};

use super::node::LocatedNode;
use super::node::{NodeKind, Scalar, ScalarValue};
use super::reader::Reader;
use super::section::Section;
use crate::config::choice::Choice as _;
use crate::config::names::ResourceDetectorName;
use crate::config::resource::{parse, shown};
use crate::config::setting::Setting;
use crate::config::source::members;

const SERVICE_NAME: &str = "service.name";

/// Reads the attributes of detectors, of `attributes_list` and of `attributes`. Later ones win.
pub(super) fn read(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    let Some(place) = root.get("resource") else { return };
    let Some(mut section) = reader.section(&place) else { return };
    let mut attributes = Vec::new();
    // Its name since version 1.1 of the schema, and the one before.
    for detection in [section.get("detection"), section.get("detection/development")].into_iter().flatten() {
        if let Some(detection) = reader.section(&detection) {
            detectors(reader, detection, &mut attributes);
        }
    }
    if let Some(list) = section.get("attributes_list")
        && let Some(text) = reader.text(&list)
    {
        for (index, member) in members(text).enumerate() {
            match parse(member) {
                Ok((key, value)) => attributes.push(KeyValue::new(key, value)),
                Err(reason) => reader.report(&list, &shown(index, member), reason, "the other attributes"),
            }
        }
    }
    if let Some(list) = section.get("attributes") {
        for item in reader.items(&list) {
            attributes.extend(attribute(reader, &item));
        }
    }
    section.unsupported(reader, "schema_url", &[]);
    section.end(reader);
    if !attributes.is_empty() {
        reader.set("OTEL_RESOURCE_ATTRIBUTES", Setting::Attributes(attributes), &place);
    }
}

/// `service` takes the name from the environment; the others are looked up at the start.
fn detectors(reader: &mut Reader<'_>, mut section: Section<'_>, attributes: &mut Vec<KeyValue>) {
    if let Some(list) = section.get("detectors") {
        let mut names = Vec::new();
        for item in reader.items(&list) {
            let Some((name, place)) = reader.choice(&item) else { continue };
            if name == "service" {
                let name = (reader.lookup)("OTEL_SERVICE_NAME").filter(|name| !name.trim().is_empty());
                attributes.extend(name.map(|name| KeyValue::new(SERVICE_NAME, name)));
            } else if ResourceDetectorName::by_name(name).is_some() {
                names.push(name.to_owned());
            } else {
                let reason = format!("{}, service", ResourceDetectorName::expectation());
                reader.report(&place, "", reason, "the other detectors");
            }
        }
        reader.set("OTEL_RUST_RESOURCE_DETECTORS", Setting::List(names), &list);
    }
    section.unsupported(reader, "attributes", &[]);
    section.end(reader);
}

/// Reads `name`, `value` and `type`. A null value leaves the attribute out.
fn attribute(reader: &mut Reader<'_>, item: &LocatedNode<'_>) -> Option<KeyValue> {
    let mut section = reader.section(item)?;
    let name = section.get("name").and_then(|place| reader.text(&place).map(str::to_owned));
    let kind = section.get("type").and_then(|place| reader.text(&place).map(|kind| (kind, place.clone())));
    let value = section.get("value");
    section.end(reader);
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        reader.report(item, "", "an attribute without a name", "the other attributes");
        return None;
    };
    let value = value.filter(|value| !value.node.is_null())?;
    let (kind, place) = kind.map_or(("string", None), |(kind, place)| (kind, Some(place)));
    let converted = match kind.strip_suffix("_array") {
        Some(kind) => array(reader, &value, kind),
        None => reader.scalar(&value).and_then(|scalar| single(scalar, kind)),
    };
    if converted.is_none() {
        let reason = match kind {
            "string" | "bool" | "int" | "double" | "string_array" | "bool_array" | "int_array" | "double_array" => {
                format!("not a value of the type {kind}")
            }
            _ => "expected one of string, bool, int, double, string_array, bool_array, int_array, double_array"
                .to_owned(),
        };
        reader.report(place.as_ref().unwrap_or(&value), "", reason, "the other attributes");
    }
    converted.map(|value| KeyValue::new(name, value))
}

fn single(scalar: &Scalar, kind: &str) -> Option<Value> {
    match (kind, scalar.value) {
        ("string", _) => Some(Value::from(scalar.text.clone())),
        ("bool", ScalarValue::Boolean(value)) => Some(Value::from(value)),
        ("int", ScalarValue::Integer(value)) => Some(Value::from(value)),
        ("double", ScalarValue::Float(value)) => Some(Value::from(value)),
        ("double", ScalarValue::Integer(_)) => scalar.text.parse::<f64>().ok().map(Value::from),
        _ => None,
    }
}

fn array(reader: &mut Reader<'_>, place: &LocatedNode<'_>, kind: &str) -> Option<Value> {
    let NodeKind::Sequence(_) = place.node.kind else { return None };
    let items = reader.items(place);
    let values: Option<Vec<Value>> = items.iter().map(|item| single(reader.scalar(item)?, kind)).collect();
    let values = values?;
    Some(Value::Array(match kind {
        "string" => Array::String(values.iter().map(|value| value.as_str().into_owned().into()).collect()),
        "bool" => Array::Bool(values.iter().map(|value| *value == Value::Bool(true)).collect()),
        "int" => Array::I64(
            values
                .iter()
                .filter_map(|value| if let Value::I64(number) = value { Some(*number) } else { None })
                .collect(),
        ),
        "double" => Array::F64(
            values
                .iter()
                .filter_map(|value| if let Value::F64(number) = value { Some(*number) } else { None })
                .collect(),
        ),
        _ => return None,
    }))
}
