//! [`MetricsConfig`] → a meter provider.

use std::time::Duration;

use opentelemetry_sdk::Resource;
#[cfg(feature = "viewer")]
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
#[cfg(feature = "prometheus")]
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{
    Aggregation, Instrument, InstrumentKind, MeterProviderBuilder, PeriodicReader, SdkMeterProvider, Stream,
};

use super::destinations::Destinations;
use super::pipeline::Metrics;
use super::viewer::LocalViewer;
use crate::config::{ExporterName, HistogramAggregation, MetricsConfig};
use crate::exporter::failure_report::FailureReporter;
#[cfg(feature = "_otlp")]
use crate::exporter::signal::Signal;
use crate::exporter::{ConsoleMetricExporter, ReportingExporter};
#[cfg(feature = "viewer")]
use crate::exporter::{otlp::OtlpMetricExporter, reporting::SharedReceived, viewer::ViewerService};
use crate::recorder::name_of;

/// Time between two exports, by the specification of
/// [the console](https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/stdout/) and of
/// [other exporters](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
const CONSOLE_INTERVAL: Duration = Duration::from_secs(10);
const INTERVAL: Duration = Duration::from_secs(60);

/// Short, because people watch the page while they make requests.
#[cfg(feature = "viewer")]
const VIEWER_INTERVAL: Duration = Duration::from_secs(1);

/// Builds the provider and its readers. `None` without exporters: then instruments cost next to nothing.
pub(super) fn pipeline(
    config: &MetricsConfig,
    custom: Vec<impl FnOnce(MetricsBuilder, FailureReporter) -> MetricsBuilder>,
    resource: Resource,
    viewer: &LocalViewer,
    destinations: &mut Destinations,
) -> Option<Metrics> {
    let builder = SdkMeterProvider::builder().with_resource(resource);
    let mut metrics = MetricsBuilder {
        builder: match config.histogram_aggregation {
            HistogramAggregation::ExplicitBucket => builder,
            // The SDK has one aggregation for all readers.
            HistogramAggregation::Base2ExponentialBucket => builder.with_view(exponential),
        },
        interval: config.export_interval,
        destinations: Vec::new(),
    };
    for exporter in super::console_first(&config.exporters) {
        metrics = match exporter {
            ExporterName::Console => {
                let exporter = ReportingExporter::new(ConsoleMetricExporter::stdout(), "console");
                metrics.with(exporter.with_reporter(destinations.console()), CONSOLE_INTERVAL)
            }
            ExporterName::Viewer => with_viewer(metrics, viewer),
            ExporterName::Prometheus => super::prometheus::with_prometheus(metrics, &config.prometheus),
            ExporterName::Otlp => with_collector(metrics, config, destinations),
        };
    }
    let MetricsBuilder { builder, destinations, .. } =
        custom.into_iter().fold(metrics, |metrics, add| add(metrics, destinations.custom()));
    (!destinations.is_empty()).then(|| Metrics { provider: builder.build(), destinations })
}

/// Aggregates a histogram into exponential buckets, as many and as fine as the specification's default
/// ([specification](https://opentelemetry.io/docs/specs/otel/metrics/sdk/#base2-exponential-bucket-histogram-aggregation)).
fn exponential(instrument: &Instrument) -> Option<Stream> {
    let aggregation = Aggregation::Base2ExponentialHistogram { max_size: 160, max_scale: 20, record_min_max: true };
    let is_histogram = instrument.kind() == InstrumentKind::Histogram;
    is_histogram.then(|| Stream::builder().with_aggregation(aggregation).build().ok())?
}

/// A meter provider that is being built.
pub(super) struct MetricsBuilder {
    builder: MeterProviderBuilder,
    interval: Option<Duration>,
    destinations: Vec<String>,
}

impl MetricsBuilder {
    /// Adds an exporter of the application.
    pub(super) fn with_custom<E: PushMetricExporter>(self, exporter: E, reporter: FailureReporter) -> Self {
        self.with(ReportingExporter::new(exporter, name_of::<E>()).with_reporter(reporter), INTERVAL)
    }

    /// Adds a reader whose metrics are scraped.
    #[cfg(feature = "prometheus")]
    pub(super) fn with_reader(mut self, reader: impl MetricReader, destination: String) -> Self {
        self.destinations.push(destination);
        Self { builder: self.builder.with_reader(reader), ..self }
    }

    /// Adds an exporter. It exports every `interval`, unless the configuration sets another one.
    fn with<E: PushMetricExporter>(mut self, exporter: ReportingExporter<E>, interval: Duration) -> Self {
        self.destinations.push(exporter.destination().to_owned());
        let reader = PeriodicReader::builder(exporter).with_interval(self.interval.unwrap_or(interval)).build();
        Self { builder: self.builder.with_reader(reader), ..self }
    }
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
    metrics.with(ReportingExporter::new(exporter, "viewer"), VIEWER_INTERVAL)
}

#[cfg(not(feature = "viewer"))]
fn with_viewer(metrics: MetricsBuilder, _: &LocalViewer) -> MetricsBuilder {
    super::viewer::lacks_viewer("OTEL_METRICS_EXPORTER");
    metrics
}
