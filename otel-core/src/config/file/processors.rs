//! `processors` of spans and of log records: their batches and exporters.

use super::exporter::{Exporter, Exporters, SectionSignal};
use super::node::LocatedNode;
use super::reader::Reader;
use super::section::{Section, Zero};

/// How long `simple` processors wait, in milliseconds. No request waits for an exporter here, so they are batches, too.
const SIMPLE_DELAY: &str = "100";

/// Reads `processors` of a provider. `prefix` is that of the variables of its batches.
pub(super) fn read(reader: &mut Reader<'_>, provider: &mut Section<'_>, signal: SectionSignal, prefix: &str) {
    let mut exporters = Exporters::new(signal);
    match provider.get("processors") {
        None => reader.report(&provider.place, "", "processors are missing", "none"),
        Some(list) => {
            for item in reader.items(&list) {
                processor(reader, &item, &mut exporters, prefix);
            }
        }
    }
    exporters.end(reader, &provider.place);
}

fn processor(reader: &mut Reader<'_>, item: &LocatedNode<'_>, exporters: &mut Exporters, prefix: &str) {
    let Some((kind, place)) = reader.choice(item) else { return };
    if kind != "batch" && kind != "simple" {
        return reader.report(&place, "", "expected one of batch, simple", "the other processors");
    }
    let mut section = reader.component(&place);
    let exporter = exporters.read(reader, &mut section);
    let variable = |name| format!("{prefix}{name}");
    if kind == "batch" && exporter.is_some() {
        section.time(reader, "schedule_delay", &variable("SCHEDULE_DELAY"), Zero::Is("1"));
        // Zero is no limit: that of the exporter remains.
        section.time(reader, "export_timeout", &variable("EXPORT_TIMEOUT"), Zero::Unset);
        section.value(reader, "max_queue_size", &variable("MAX_QUEUE_SIZE"));
        section.value(reader, "max_export_batch_size", &variable("MAX_EXPORT_BATCH_SIZE"));
    } else if kind == "simple" && exporter == Some(Exporter::Otlp) {
        reader.set_text(variable("SCHEDULE_DELAY"), SIMPLE_DELAY, &place);
    }
    if exporter.is_some() {
        section.end(reader);
    }
}
