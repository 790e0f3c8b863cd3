//! `logger_provider`

use super::exporter::SectionSignal;
use super::processors;
use super::reader::Reader;
use super::section::Section;

pub(super) fn read(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    let place = root.get("logger_provider");
    let Some(mut provider) = place.and_then(|place| reader.section(&place)) else {
        let place = root.place.clone();
        return reader.set_text("OTEL_LOGS_EXPORTER", "none", &place);
    };
    processors::read(reader, &mut provider, SectionSignal::Logs, "OTEL_BLRP_");
    if let Some(mut limits) = provider.get("limits").and_then(|place| reader.section(&place)) {
        limits.value(reader, "attribute_value_length_limit", "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT");
        limits.value(reader, "attribute_count_limit", "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT");
        limits.unsupported(reader, "attribute_value_depth_limit", &["64"]);
        limits.end(reader);
    }
    provider.end(reader);
}
