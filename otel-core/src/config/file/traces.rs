//! `tracer_provider`

use super::exporter::SectionSignal;
use super::reader::Reader;
use super::section::Section;
use super::{processors, sampler};

pub(super) fn read(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    let place = root.get("tracer_provider");
    let Some(mut provider) = place.and_then(|place| reader.section(&place)) else {
        let place = root.place.clone();
        return reader.set_text("OTEL_TRACES_EXPORTER", "none", &place);
    };
    processors::read(reader, &mut provider, SectionSignal::Traces, "OTEL_BSP_");
    if let Some(place) = provider.get("sampler") {
        sampler::read(reader, &place);
    }
    if let Some(mut limits) = provider.get("limits").and_then(|place| reader.section(&place)) {
        for (key, variable) in [
            ("attribute_value_length_limit", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
            ("attribute_count_limit", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"),
            ("event_count_limit", "OTEL_SPAN_EVENT_COUNT_LIMIT"),
            ("link_count_limit", "OTEL_SPAN_LINK_COUNT_LIMIT"),
            ("event_attribute_count_limit", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT"),
            ("link_attribute_count_limit", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"),
        ] {
            limits.value(reader, key, variable);
        }
        limits.unsupported(reader, "attribute_value_depth_limit", &["64"]);
        limits.end(reader);
    }
    if let Some(generator) = provider.get("id_generator")
        && !generator.node.is_null()
        && let Some((name, place)) = reader.choice(&generator)
        && name != "random"
    {
        reader.report(&place, "", "not supported, expected random", "random");
    }
    provider.end(reader);
}
