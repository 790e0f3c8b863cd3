//! The exporter, and its writer.

use std::fmt;
use std::io::{self, IsTerminal as _, Stdout, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::pending::PendingSpans;
use super::tree;

/// Writes each request as one line: time, method, route, status, duration and trace id. The spans below it follow as a
/// tree once the request has ended.
///
/// ```
/// use opentelemetry::trace::{Tracer as _, TracerProvider as _};
/// use opentelemetry_sdk::trace::SdkTracerProvider;
/// use otel_core::exporter::TextSpanExporter;
///
/// let provider = SdkTracerProvider::builder().with_simple_exporter(TextSpanExporter::stdout()).build();
/// provider.tracer("docs").in_span("hello", |_cx| ()); // prints 12:34:56.789 hello 0.01 ms  4bf92f3577b34da6…
/// ```
pub struct TextSpanExporter<W = Stdout> {
    state: Mutex<(W, PendingSpans)>,
    is_coloured: bool,
}

impl TextSpanExporter {
    /// Writes to standard output; in colours if that is a terminal and [`NO_COLOR`](https://no-color.org) is unset.
    #[must_use]
    pub fn stdout() -> Self {
        let stdout = io::stdout();
        let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let is_coloured = is_wanted && stdout.is_terminal();
        Self::new(stdout, is_coloured)
    }
}

impl<W: Write> TextSpanExporter<W> {
    /// Writes to any writer. The lines of a request are passed to it in one `write_all`, followed by `flush`.
    pub fn new(writer: W, is_coloured: bool) -> Self {
        Self { state: Mutex::new((writer, PendingSpans::default())), is_coloured }
    }

    fn print(&self, take: impl FnOnce(&mut PendingSpans) -> Vec<Vec<SpanData>>) -> OTelSdkResult {
        // A panic of the writer in another thread is no reason to lose this batch.
        let (writer, pending) = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let write = || {
            for spans in take(pending) {
                let mut lines = String::new();
                tree::draw(&spans, self.is_coloured, &mut lines);
                writer.write_all(lines.as_bytes())?;
            }
            writer.flush()
        };
        write().map_err(|error: io::Error| OTelSdkError::InternalFailure(format!("console: {error}")))
    }
}

impl<W: Write + Send> SpanExporter for TextSpanExporter<W> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.print(|pending| pending.add(batch, Instant::now()))
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.print(PendingSpans::take_all)
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.print(PendingSpans::take_all)
    }
}

impl<W> fmt::Debug for TextSpanExporter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextSpanExporter").field("is_coloured", &self.is_coloured).finish_non_exhaustive()
    }
}
