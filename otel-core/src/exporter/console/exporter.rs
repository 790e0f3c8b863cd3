//! The exporter itself: format a whole object, then write it in one piece.

use std::fmt;
use std::io::{self, IsTerminal, Stdout, Write};
use std::sync::{Mutex, PoisonError};

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use serde::Serialize;
use serde_json::ser::PrettyFormatter;

use super::view::{ResourceAttributes, SpanView};

/// How a span is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Indented by four spaces, for people.
    Pretty,
    /// One line per span, for programs.
    Lines,
}

/// Writes each finished span as one JSON object, in the layout of OpenTelemetry Python's console exporter.
///
/// An object is written whole, in one piece, so spans never mix with each other or with what `println!` prints. A
/// reader that has gone away (`| head`) is an export error, never a panic.
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
    writer: Mutex<W>,
    layout: Layout,
    resource: ResourceAttributes,
}

impl ConsoleSpanExporter {
    /// To standard output: [`Layout::Pretty`] on a terminal, [`Layout::Lines`] otherwise.
    #[must_use]
    pub fn stdout() -> Self {
        let stdout = io::stdout();
        let layout = if stdout.is_terminal() { Layout::Pretty } else { Layout::Lines };
        Self::new(stdout, layout)
    }
}

impl<W: Write> ConsoleSpanExporter<W> {
    /// To any writer. An object is passed to it in one `write_all`, followed by `flush`.
    pub fn new(writer: W, layout: Layout) -> Self {
        Self { writer: Mutex::new(writer), layout, resource: ResourceAttributes::default() }
    }

    fn format(&self, span: &SpanData, buffer: &mut Vec<u8>) -> serde_json::Result<()> {
        let view = SpanView::new(span, &self.resource);
        match self.layout {
            Layout::Lines => view.serialize(&mut serde_json::Serializer::new(&mut *buffer))?,
            Layout::Pretty => {
                let formatter = PrettyFormatter::with_indent(b"    ");
                view.serialize(&mut serde_json::Serializer::with_formatter(&mut *buffer, formatter))?;
            }
        }
        buffer.push(b'\n');
        Ok(())
    }

    fn write_all(&self, batch: &[SpanData]) -> io::Result<()> {
        // A writer that panicked in another thread is no reason to lose this batch.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = Vec::with_capacity(2048);
        for span in batch {
            buffer.clear();
            self.format(span, &mut buffer)?;
            // One write per span, not per batch: a pipe keeps up to 4 KiB in one piece even between processes.
            writer.write_all(&buffer)?;
        }
        writer.flush()
    }
}

impl<W: Write + Send> SpanExporter for ConsoleSpanExporter<W> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.write_all(&batch).map_err(|error| OTelSdkError::InternalFailure(format!("console: {error}")))
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}

impl<W> fmt::Debug for ConsoleSpanExporter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleSpanExporter").field("layout", &self.layout).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "exporter_tests.rs"]
mod tests;
