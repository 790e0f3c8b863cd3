//! [`MetricsConfig`] → a meter provider.

use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
#[cfg(feature = "viewer")]
use opentelemetry_sdk::metrics::Temporality;

use super::destinations::Destinations;
use super::metrics_builder::{INTERVAL, MetricsBuilder};
use super::pipeline::Metrics;
use super::viewer::LocalViewer;
use super::views;
use crate::config::{ExporterName, MetricsConfig};
use crate::exporter::boxed::BoxedMetricExporter;
#[cfg(feature = "_otlp")]
use crate::exporter::signal::Signal;
use crate::exporter::{ConsoleMetricExporter, ReportingExporter};
#[cfg(feature = "viewer")]
use crate::exporter::{otlp::OtlpMetricExporter, reporting::SharedReceived, viewer::ViewerService};

/// Time between two exports to the console
/// ([specification](https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/stdout/)).
const CONSOLE_INTERVAL: Duration = Duration::from_secs(10);

/// Short, because people watch the page while they make requests.
#[cfg(feature = "viewer")]
const VIEWER_INTERVAL: Duration = Duration::from_secs(1);

/// Builds the provider and its readers. `None` without exporters: then instruments cost next to nothing.
pub(super) fn pipeline(
    config: &MetricsConfig,
    custom: Vec<ReportingExporter<BoxedMetricExporter>>,
    resource: Resource,
    viewer: &LocalViewer,
    destinations: &mut Destinations,
) -> Option<Metrics> {
    let builder = SdkMeterProvider::builder().with_resource(resource);
    let mut metrics = MetricsBuilder {
        builder: views::with_views(builder, config),
        interval: config.export_interval,
        destinations: Vec::new(),
    };
    for exporter in super::console_first(&config.exporters) {
        metrics = match exporter {
            ExporterName::Console => {
                let exporter = BoxedMetricExporter::new(ConsoleMetricExporter::stdout());
                let exporter = ReportingExporter::new(exporter, "console");
                metrics.with(exporter.with_reporter(destinations.console()), CONSOLE_INTERVAL)
            }
            ExporterName::Viewer => with_viewer(metrics, viewer),
            ExporterName::Prometheus => super::prometheus::with_prometheus(metrics, &config.prometheus),
            ExporterName::Otlp => with_collector(metrics, config, destinations),
        };
    }
    for exporter in custom {
        metrics = metrics.with(exporter.with_reporter(destinations.custom()), INTERVAL);
    }
    let MetricsBuilder { builder, destinations, .. } = metrics;
    (!destinations.is_empty()).then(|| Metrics { provider: builder.build(), destinations })
}

#[cfg(feature = "_otlp")]
fn with_collector(metrics: MetricsBuilder, config: &MetricsConfig, destinations: &mut Destinations) -> MetricsBuilder {
    if config.otlp.is_unreachable() {
        return metrics;
    }
    match super::otlp::metrics(config) {
        Ok(exporter) => {
            metrics.with(exporter.with_reporter(destinations.collector(&config.otlp, Signal::Metrics)), INTERVAL)
        }
        Err(error) => {
            super::cannot_send("metrics", &config.otlp, &error);
            metrics
        }
    }
}

#[cfg(not(feature = "_otlp"))]
fn with_collector(metrics: MetricsBuilder, _: &MetricsConfig, _: &mut Destinations) -> MetricsBuilder {
    super::speaks_no_otlp("OTEL_METRICS_EXPORTER");
    metrics
}

#[cfg(feature = "viewer")]
fn with_viewer(metrics: MetricsBuilder, local: &LocalViewer) -> MetricsBuilder {
    let Some(viewer) = &local.viewer else { return metrics };
    let service = ViewerService::of_metrics(viewer);
    let exporter = OtlpMetricExporter::new(service, SharedReceived::default(), Temporality::Cumulative);
    metrics.with(ReportingExporter::new(BoxedMetricExporter::new(exporter), "viewer"), VIEWER_INTERVAL)
}

#[cfg(not(feature = "viewer"))]
fn with_viewer(metrics: MetricsBuilder, _: &LocalViewer) -> MetricsBuilder {
    super::viewer::lacks_viewer("OTEL_METRICS_EXPORTER");
    metrics
}
