//! `meter_provider.views`

use opentelemetry_sdk::metrics::InstrumentKind;

use super::aggregation::aggregation;
use super::node::LocatedNode;
use super::reader::Reader;
use super::section::Section;
use crate::config::metric_view::{KEY, MetricView, ViewSelector, ViewStream};
use crate::config::setting::Setting;
use crate::http::Patterns;

const INSTRUMENT_TYPES: [(&str, InstrumentKind); 7] = [
    ("counter", InstrumentKind::Counter),
    ("gauge", InstrumentKind::Gauge),
    ("histogram", InstrumentKind::Histogram),
    ("observable_counter", InstrumentKind::ObservableCounter),
    ("observable_gauge", InstrumentKind::ObservableGauge),
    ("observable_up_down_counter", InstrumentKind::ObservableUpDownCounter),
    ("up_down_counter", InstrumentKind::UpDownCounter),
];

/// The SDK reserves memory for all combinations when an instrument is created.
const LARGEST_LIMIT: usize = 1_000_000;

pub(super) fn read(reader: &mut Reader<'_>, provider: &mut Section<'_>) {
    let Some(list) = provider.get("views") else { return };
    let views: Vec<_> = reader.items(&list).iter().filter_map(|item| view(reader, item)).collect();
    if !views.is_empty() {
        reader.set(KEY, Setting::Views(views), &list);
    }
}

/// A view whose selector is not understood is left out: it could select other instruments than intended.
fn view(reader: &mut Reader<'_>, item: &LocatedNode<'_>) -> Option<MetricView> {
    let mut section = reader.section(item)?;
    let (selector_place, stream_place) = (section.get("selector"), section.get("stream"));
    section.end(reader);
    let (Some(selector_place), Some(stream_place)) = (selector_place, stream_place) else {
        reader.report(item, "", "expected a selector and a stream", "the other views");
        return None;
    };
    let problems = reader.problems.len();
    let (selector, is_one) = selector(reader, &selector_place);
    if reader.problems.len() > problems {
        reader.report(item, "", "its selector is not understood", "the other views");
        return None;
    }
    let stream = stream(reader, &stream_place, is_one);
    if let Err(reason) = stream.build(None) {
        reader.report(&stream_place, "", reason, "the other views");
        return None;
    }
    Some(MetricView { selector, stream })
}

/// Reads a selector. The second value is `true` if the selector names exactly one instrument.
fn selector(reader: &mut Reader<'_>, place: &LocatedNode<'_>) -> (ViewSelector, bool) {
    let mut section = reader.component(place);
    let name = section.get("instrument_name").and_then(|place| reader.text(&place));
    let selector = ViewSelector {
        instrument_name: name.and_then(|name| {
            let patterns = Patterns::full_match([expression(name)]);
            patterns.inspect_err(|error| reader.report(place, name, error.to_string(), "no instrument")).ok()
        }),
        instrument_type: section.one_of(reader, "instrument_type", &INSTRUMENT_TYPES),
        unit: text(reader, &mut section, "unit"),
        meter_name: text(reader, &mut section, "meter_name"),
        meter_version: text(reader, &mut section, "meter_version"),
        meter_schema_url: text(reader, &mut section, "meter_schema_url"),
    };
    section.end(reader);
    (selector, name.is_some_and(|name| !is_pattern(name)))
}

/// The regular expression of a name in which `*` stands for any text and `?` for one character.
fn expression(name: &str) -> String {
    regex::escape(name).replace(r"\*", ".*").replace(r"\?", ".")
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?'])
}

fn stream(reader: &mut Reader<'_>, place: &LocatedNode<'_>, is_one: bool) -> ViewStream {
    let mut section = reader.component(place);
    let mut name = text(reader, &mut section, "name");
    if name.is_some()
        && !is_one
        && let Some(place) = section.get("name")
    {
        let reason = "the selector names no single instrument, and several cannot share a name";
        reader.report(&place, "", reason, "the instruments' names");
        name = None;
    }
    let stream = ViewStream {
        name,
        description: text(reader, &mut section, "description"),
        aggregation: section.get("aggregation").and_then(|place| aggregation(reader, &place)),
        aggregation_cardinality_limit: section.number(
            reader,
            "aggregation_cardinality_limit",
            1..=LARGEST_LIMIT,
            "2000",
        ),
        attribute_keys: section.get("attribute_keys").and_then(|place| attribute_keys(reader, &place)),
    };
    section.end(reader);
    stream
}

/// Reads the keys to keep. The SDK knows these only one by one: neither patterns, nor exceptions from all.
fn attribute_keys(reader: &mut Reader<'_>, place: &LocatedNode<'_>) -> Option<Vec<String>> {
    const ALL: &str = "all attributes";
    let mut section = reader.section(place)?;
    let (included_place, excluded_place) = (section.get("included"), section.get("excluded"));
    section.end(reader);
    let mut keys = |place: &Option<LocatedNode<'_>>| {
        place.as_ref().filter(|place| !place.node.is_null()).map(|place| reader.texts(place))
    };
    let included = keys(&included_place).filter(|keys| !keys.iter().any(|key| key == "*"));
    let excluded = keys(&excluded_place).unwrap_or_default();
    for (place, keys) in [(&included_place, included.as_deref().unwrap_or_default()), (&excluded_place, &excluded)] {
        if let Some(place) = place
            && keys.iter().any(|key| is_pattern(key))
        {
            reader.report(place, "", "patterns are not supported, expected keys", ALL);
            return None;
        }
    }
    match (included, excluded_place) {
        (None, Some(place)) if !excluded.is_empty() => {
            reader.report(&place, "", "not supported without included keys", ALL);
            None
        }
        (included, _) => Some(included?.into_iter().filter(|key| !excluded.contains(key)).collect()),
    }
}

fn text(reader: &mut Reader<'_>, section: &mut Section<'_>, key: &'static str) -> Option<String> {
    section.get(key).and_then(|place| reader.text(&place)).map(str::to_owned)
}
