//! `disabled`, `log_level`, `attribute_limits`, `propagator`.

use super::node::LocatedNode;
use super::reader::Reader;
use super::section::Section;
use crate::config::choice::Choice as _;
use crate::config::names::{LogLevel, PropagatorName};

const PROPAGATORS: &str = "OTEL_PROPAGATORS";

pub(super) fn read(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    root.value(reader, "disabled", "OTEL_SDK_DISABLED");
    log_level(reader, root);
    if let Some(mut limits) = root.get("attribute_limits").and_then(|place| reader.section(&place)) {
        limits.value(reader, "attribute_value_length_limit", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT");
        limits.value(reader, "attribute_count_limit", "OTEL_ATTRIBUTE_COUNT_LIMIT");
        limits.unsupported(reader, "attribute_value_depth_limit", &["64"]);
        limits.end(reader);
    }
    propagators(reader, root);
}

/// The schema has four grades of each level: `info`, `info2`, `info3`, `info4`. They are one level here.
fn log_level(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    let Some(place) = root.get("log_level") else { return };
    let Some(text) = reader.text(&place) else { return };
    let level = text.strip_suffix(['2', '3', '4']).unwrap_or(text);
    let level = if LogLevel::by_name(level).is_some() { level } else { text };
    reader.set_text("OTEL_LOG_LEVEL", level, &place);
}

/// Sets the propagators of both lists. By the schema there is none without a list.
fn propagators(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    let root_place = root.place.clone();
    let place = root.get("propagator");
    let mut names = Vec::new();
    let mut origin = place.clone().unwrap_or(root_place);
    if let Some(mut section) = place.and_then(|place| reader.section(&place)) {
        if let Some(list) = section.get("composite") {
            for item in reader.items(&list) {
                if let Some(name) = propagator(reader, &item) {
                    names.push(name);
                }
            }
        }
        if let Some(list) = section.get("composite_list")
            && let Some(text) = reader.text(&list)
        {
            names.push(text.to_owned());
            origin = list;
        }
        section.end(reader);
    }
    let names = if names.is_empty() { "none".to_owned() } else { names.join(",") };
    reader.set_text(PROPAGATORS, names, &origin);
}

/// `tracecontext:`, a mapping; or, as in versions before 0.4, the name alone.
fn propagator(reader: &mut Reader<'_>, item: &LocatedNode<'_>) -> Option<String> {
    let (name, place) = match &item.node.kind {
        super::node::NodeKind::Scalar(scalar) => (scalar.text.as_str(), item.clone()),
        _ => reader.choice(item)?,
    };
    if PropagatorName::by_name(name).is_none() {
        reader.report(&place, "", PropagatorName::expectation(), "the other propagators");
        return None;
    }
    Some(name.to_owned())
}
