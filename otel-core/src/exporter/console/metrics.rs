//! The exporter of metrics.

use std::fmt;
use std::io::{Stdout, Write};
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;

use super::metrics_json;
use super::printer::{Layout, Printer};

/// Writes each export as one JSON object, in the layout of OpenTelemetry Python's console metric exporter. Sums and
/// histograms are cumulative.
///
/// ```
/// use opentelemetry::metrics::MeterProvider as _;
/// use opentelemetry_sdk::metrics::SdkMeterProvider;
/// use otel_core::exporter::ConsoleMetricExporter;
///
/// let provider = SdkMeterProvider::builder().with_periodic_exporter(ConsoleMetricExporter::stdout()).build();
/// provider.meter("docs").u64_counter("greetings").build().add(1, &[]);
/// provider.shutdown()?; // prints {"resource_metrics":[{"resource":{"attributes":{…
/// # Ok::<(), opentelemetry_sdk::error::OTelSdkError>(())
/// ```
pub struct ConsoleMetricExporter<W = Stdout> {
    printer: Printer<W>,
}

impl ConsoleMetricExporter {
    /// Writes to standard output: [`Layout::Pretty`] on a terminal, [`Layout::Lines`] otherwise.
    #[must_use]
    pub fn stdout() -> Self {
        Self { printer: Printer::stdout() }
    }
}

impl<W: Write> ConsoleMetricExporter<W> {
    /// Writes to any writer. An object is passed to it in one `write_all`, followed by `flush`.
    pub fn new(writer: W, layout: Layout) -> Self {
        Self { printer: Printer::new(writer, layout) }
    }
}

impl<W: Write + Send + 'static> PushMetricExporter for ConsoleMetricExporter<W> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.printer.print([metrics_json::metrics(metrics)])
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

impl<W> fmt::Debug for ConsoleMetricExporter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleMetricExporter").field("printer", &self.printer).finish()
    }
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
