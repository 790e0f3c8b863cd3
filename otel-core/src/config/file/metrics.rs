//! `meter_provider`

use super::exporter::{Exporters, SectionSignal};
use super::node::LocatedNode;
use super::reader::Reader;
use super::section::{Section, Zero};
use super::views;

pub(super) fn read(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    let place = root.get("meter_provider");
    let Some(mut provider) = place.and_then(|place| reader.section(&place)) else {
        let place = root.place.clone();
        return reader.set_text("OTEL_METRICS_EXPORTER", "none", &place);
    };
    let mut exporters = Exporters::new(SectionSignal::Metrics);
    match provider.get("readers") {
        None => reader.report(&provider.place, "", "readers are missing", "none"),
        Some(list) => {
            for item in reader.items(&list) {
                metric_reader(reader, &item, &mut exporters);
            }
        }
    }
    exporters.end(reader, &provider.place);
    views::read(reader, &mut provider);
    provider.text(reader, "exemplar_filter", "OTEL_METRICS_EXEMPLAR_FILTER");
    provider.others("exemplar_filter");
    provider.end(reader);
}

fn metric_reader(reader: &mut Reader<'_>, item: &LocatedNode<'_>, exporters: &mut Exporters) {
    let Some((kind, place)) = reader.choice(item) else { return };
    if kind != "periodic" {
        return reader.report(&place, "", "expected periodic", "the other readers");
    }
    let mut section = reader.component(&place);
    if exporters.read(reader, &mut section).is_none() {
        return;
    }
    section.time(reader, "interval", "OTEL_METRIC_EXPORT_INTERVAL", Zero::Is("1"));
    // Zero is no limit: that of the exporter remains.
    section.time(reader, "timeout", "OTEL_METRIC_EXPORT_TIMEOUT", Zero::Unset);
    section.end(reader);
}
