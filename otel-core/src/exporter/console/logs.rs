//! The exporter of log records.

use std::fmt;
use std::io::{Stdout, Write};

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter};

use super::log_json;
use super::printer::{Layout, Printer};

/// Writes each log record as one JSON object, in the layout of OpenTelemetry Python's console log exporter.
///
/// ```
/// use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
/// use opentelemetry_sdk::logs::SdkLoggerProvider;
/// use otel_core::exporter::ConsoleLogExporter;
///
/// let provider = SdkLoggerProvider::builder().with_simple_exporter(ConsoleLogExporter::stdout()).build();
/// let logger = provider.logger("docs");
/// let mut record = logger.create_log_record();
/// record.set_body("hello".into());
/// logger.emit(record); // prints {"body":"hello",…
/// ```
pub struct ConsoleLogExporter<W = Stdout> {
    printer: Printer<W>,
    resource: Resource,
}

impl ConsoleLogExporter {
    /// Writes to standard output: [`Layout::Pretty`] on a terminal, [`Layout::Lines`] otherwise.
    #[must_use]
    pub fn stdout() -> Self {
        Self { printer: Printer::stdout(), resource: Resource::builder_empty().build() }
    }
}

impl<W: Write> ConsoleLogExporter<W> {
    /// Writes to any writer. An object is passed to it in one `write_all`, followed by `flush`.
    pub fn new(writer: W, layout: Layout) -> Self {
        Self { printer: Printer::new(writer, layout), resource: Resource::builder_empty().build() }
    }
}

impl<W: Write + Send> LogExporter for ConsoleLogExporter<W> {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.printer.print(batch.iter().map(|(record, _)| log_json::log_record(record, &self.resource)))
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.clone();
    }
}

impl<W> fmt::Debug for ConsoleLogExporter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleLogExporter").field("printer", &self.printer).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "logs_tests.rs"]
mod tests;
