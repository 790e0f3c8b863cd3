//! [`LogsConfig`] → a logger provider.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{BatchConfigBuilder, BatchLogProcessor, LoggerProviderBuilder, SdkLoggerProvider};

use super::counting::CountingProcessor;
use super::destinations::Destinations;
use super::pipeline::{Destination, Logs};
use super::viewer::LocalViewer;
use crate::config::{ExporterName, LogsConfig};
use crate::exporter::boxed::BoxedLogExporter;
#[cfg(feature = "_otlp")]
use crate::exporter::signal::Signal;
use crate::exporter::{ConsoleLogExporter, ReportingExporter};
#[cfg(feature = "viewer")]
use crate::exporter::{otlp::OtlpLogExporter, reporting::SharedReceived, viewer::ViewerService};

/// Longest wait of a record, unless the configuration sets another one: on the console, and for a collector
/// ([specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#batch-logrecord-processor)).
const CONSOLE_DELAY: Duration = Duration::from_millis(200);
const DELAY: Duration = Duration::from_secs(1);

/// Short, because people watch the page while they make requests.
#[cfg(feature = "viewer")]
const VIEWER_DELAY: Duration = Duration::from_millis(100);

/// Builds the provider and its processors. `None` without exporters.
pub(super) fn pipeline(
    config: &LogsConfig,
    custom: Vec<ReportingExporter<BoxedLogExporter>>,
    resource: Resource,
    viewer: &LocalViewer,
    destinations: &mut Destinations,
) -> Option<Logs> {
    let builder = SdkLoggerProvider::builder().with_resource(resource);
    let mut logs = LogsBuilder { builder, config: config.clone(), destinations: Vec::new() };
    for exporter in super::console_first(&config.exporters) {
        logs = match exporter {
            ExporterName::Console => {
                let exporter = BoxedLogExporter::new(ConsoleLogExporter::stdout());
                let exporter = ReportingExporter::new(exporter, "console");
                logs.with(exporter.with_reporter(destinations.console()), CONSOLE_DELAY)
            }
            ExporterName::Viewer => with_viewer(logs, viewer),
            ExporterName::Prometheus => {
                super::prometheus::takes_metrics_alone("OTEL_LOGS_EXPORTER");
                logs
            }
            ExporterName::Otlp => with_collector(logs, destinations),
        };
    }
    for exporter in custom {
        logs = logs.with(exporter.with_reporter(destinations.custom()), DELAY);
    }
    let LogsBuilder { builder, destinations, .. } = logs;
    (!destinations.is_empty()).then(|| Logs { provider: builder.build(), destinations })
}

/// A logger provider that is being built.
#[derive(Debug)]
pub(super) struct LogsBuilder {
    builder: LoggerProviderBuilder,
    config: LogsConfig,
    destinations: Vec<Destination>,
}

impl LogsBuilder {
    /// Adds an exporter. Records wait `delay`, unless the configuration sets another time.
    fn with(mut self, exporter: ReportingExporter<BoxedLogExporter>, delay: Duration) -> Self {
        let settings = &self.config.batch;
        let batch = BatchConfigBuilder::default()
            .with_max_queue_size(settings.max_queue_size)
            .with_max_export_batch_size(settings.max_export_batch_size)
            .with_scheduled_delay(settings.schedule_delay.unwrap_or(delay))
            .build();
        let counts = Arc::clone(exporter.counts());
        self.destinations.push(Destination { name: exporter.destination().to_owned(), counts: Arc::clone(&counts) });
        let inner = BatchLogProcessor::builder(exporter).with_batch_config(batch).build();
        let processor = CountingProcessor { inner, counts };
        Self { builder: self.builder.with_log_processor(processor), ..self }
    }
}

#[cfg(feature = "_otlp")]
fn with_collector(logs: LogsBuilder, destinations: &mut Destinations) -> LogsBuilder {
    if logs.config.otlp.is_unreachable() {
        return logs;
    }
    match super::otlp::logs(&logs.config) {
        Ok(exporter) => {
            let reporter = destinations.collector(&logs.config.otlp, Signal::Logs);
            logs.with(exporter.with_reporter(reporter), DELAY)
        }
        Err(error) => {
            super::cannot_send("log records", &logs.config.otlp, &error);
            logs
        }
    }
}

#[cfg(not(feature = "_otlp"))]
fn with_collector(logs: LogsBuilder, _: &mut Destinations) -> LogsBuilder {
    super::speaks_no_otlp("OTEL_LOGS_EXPORTER");
    logs
}

#[cfg(feature = "viewer")]
fn with_viewer(logs: LogsBuilder, local: &LocalViewer) -> LogsBuilder {
    let Some(viewer) = &local.viewer else { return logs };
    let exporter = OtlpLogExporter::new(ViewerService::of_logs(viewer), SharedReceived::default());
    logs.with(ReportingExporter::new(BoxedLogExporter::new(exporter), "viewer"), VIEWER_DELAY)
}

#[cfg(not(feature = "viewer"))]
fn with_viewer(logs: LogsBuilder, _: &LocalViewer) -> LogsBuilder {
    super::viewer::lacks_viewer("OTEL_LOGS_EXPORTER");
    logs
}
