//! The exporter of spans.

use std::fmt;
use std::io::{Stdout, Write};

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::printer::{Layout, Printer};
use super::span_json;

/// Writes each finished span as one JSON object, in the layout of OpenTelemetry Python's console exporter.
///
/// Each object is written in one piece, so spans never mix with each other or with the output of `println!`. A reader
/// that has gone away (`| head`) is an export error, never a panic.
///
/// ```
/// use opentelemetry::trace::{Tracer as _, TracerProvider as _};
/// use opentelemetry_sdk::trace::SdkTracerProvider;
/// use otel_core::exporter::ConsoleSpanExporter;
///
/// let provider = SdkTracerProvider::builder().with_simple_exporter(ConsoleSpanExporter::stdout()).build();
/// provider.tracer("docs").in_span("hello", |_cx| ()); // prints {"name":"hello","context":{"trace_id":"0x…
/// ```
pub struct ConsoleSpanExporter<W = Stdout> {
    printer: Printer<W>,
    resource: Resource,
}

impl ConsoleSpanExporter {
    /// Writes to standard output: [`Layout::Pretty`] on a terminal, [`Layout::Lines`] otherwise.
    #[must_use]
    pub fn stdout() -> Self {
        Self { printer: Printer::stdout(), resource: Resource::builder_empty().build() }
    }
}

impl<W: Write> ConsoleSpanExporter<W> {
    /// Writes to any writer. An object is passed to it in one `write_all`, followed by `flush`.
    pub fn new(writer: W, layout: Layout) -> Self {
        Self { printer: Printer::new(writer, layout), resource: Resource::builder_empty().build() }
    }
}

impl<W: Write + Send> SpanExporter for ConsoleSpanExporter<W> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.printer.print(batch.iter().map(|span| span_json::span(span, &self.resource)))
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.clone();
    }
}

impl<W> fmt::Debug for ConsoleSpanExporter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleSpanExporter").field("printer", &self.printer).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "exporter_tests.rs"]
mod tests;
