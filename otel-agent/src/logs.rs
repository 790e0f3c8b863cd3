//! Events of the application's own `tracing` subscriber, and records of its logger.

use std::sync::LazyLock;

use log::{Log, Metadata, Record};
use otel_core::logs::ExportingLogger;
use tracing_core::{Event, Subscriber};
use tracing_subscriber::layer::SubscriberExt as _;

/// Exports an event that the application's subscriber has let through, as a log record with the ids of its span.
///
/// `otel_hooks::record_event` calls this.
pub(crate) fn record_event(event: &Event<'_>) {
    static EXPORTING: LazyLock<Box<dyn Subscriber + Send + Sync>> =
        LazyLock::new(|| Box::new(tracing_subscriber::registry().with(otel_core::logs::layer())));
    // The runtime's own messages are for the operator, and are printed.
    if !event.metadata().target().starts_with("otel_actix") {
        EXPORTING.event(event);
    }
}

/// Exports a record that the application's logger has let through, as a log record with the ids of the current span.
pub(crate) fn record_log(record: &Record<'_>) {
    static EXPORTING: LazyLock<ExportingLogger<Printed>> = LazyLock::new(|| ExportingLogger::new(Printed));
    EXPORTING.log(record);
}

/// In place of the application's logger, which has printed the record.
struct Printed;

impl Log for Printed {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, _: &Record<'_>) {}

    fn flush(&self) {}
}
