//! Settings of metrics.

use std::time::Duration;

use opentelemetry_sdk::metrics::Temporality;

use super::choice::choice;
use super::list;
use super::metric_view::{self, MetricView};
use super::names::ExporterName;
use super::otlp::OtlpSettings;
use super::problem::Problem;
use super::prometheus::PrometheusSettings;
use super::setting::Setting;
use super::source::Source;

/// How histograms are aggregated (`OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HistogramAggregation {
    /// `explicit_bucket_histogram`: buckets with fixed boundaries. The default.
    #[default]
    ExplicitBucket,
    /// `base2_exponential_bucket_histogram`: buckets that grow exponentially and adapt to the measurements.
    Base2ExponentialBucket,
}

choice!(HistogramAggregation {
    "explicit_bucket_histogram" => Self::ExplicitBucket,
    "base2_exponential_bucket_histogram" => Self::Base2ExponentialBucket,
});

/// What each export of a metric covers (`OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TemporalityPreference {
    /// `cumulative`: all measurements since the start. The default.
    #[default]
    Cumulative,
    /// `delta`: measurements since the previous export.
    Delta,
    /// `lowmemory`: delta for instruments that need less memory with it, cumulative for the others.
    LowMemory,
}

choice!(TemporalityPreference {
    "cumulative" => Self::Cumulative,
    "delta" => Self::Delta,
    "lowmemory" => Self::LowMemory,
});

impl From<TemporalityPreference> for Temporality {
    fn from(preference: TemporalityPreference) -> Self {
        match preference {
            TemporalityPreference::Cumulative => Self::Cumulative,
            TemporalityPreference::Delta => Self::Delta,
            TemporalityPreference::LowMemory => Self::LowMemory,
        }
    }
}

/// Settings of the metric signal.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetricsConfig {
    /// `OTEL_METRICS_EXPORTER`. Empty: `none`.
    pub exporters: Vec<ExporterName>,
    /// `OTEL_EXPORTER_PROMETHEUS_*`
    pub prometheus: PrometheusSettings,
    /// `OTEL_EXPORTER_OTLP_METRICS_*`, else `OTEL_EXPORTER_OTLP_*`
    pub otlp: OtlpSettings,
    /// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`
    pub temporality: TemporalityPreference,
    /// `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`, for all exporters.
    pub histogram_aggregation: HistogramAggregation,
    /// `meter_provider.views` of a configuration file. An instrument has a stream for each view that selects it, and its
    /// own if none does.
    pub views: Vec<MetricView>,
    /// `OTEL_METRIC_EXPORT_INTERVAL`: time between two exports. `None`: unset, the exporter's default counts.
    pub export_interval: Option<Duration>,
    /// `OTEL_METRIC_EXPORT_TIMEOUT`: longest time for one export. `None`: unset, the exporter's own timeout counts.
    pub export_timeout: Option<Duration>,
}

impl MetricsConfig {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let general = OtlpSettings::read_general(source);
        let preference = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
        let aggregation = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
        report_exemplar_filter(source);
        Self {
            exporters: list::read(source, "OTEL_METRICS_EXPORTER", list::usual_exporters(source)),
            prometheus: PrometheusSettings::read(source),
            otlp: OtlpSettings::read(source, "METRICS", "v1/metrics", &general),
            temporality: source.choice(preference, TemporalityPreference::default()),
            histogram_aggregation: source.choice(aggregation, HistogramAggregation::default()),
            views: views(source),
            export_interval: source.optional_millis("OTEL_METRIC_EXPORT_INTERVAL", "the exporter's own interval"),
            export_timeout: source.optional_millis("OTEL_METRIC_EXPORT_TIMEOUT", "the exporter's own timeout"),
        }
    }
}

/// The views of a configuration file. No variable sets them.
fn views(source: &Source<'_>) -> Vec<MetricView> {
    match source.setting(metric_view::KEY) {
        Some(Setting::Views(views)) => views,
        _ => Vec::new(),
    }
}

/// Reports an exemplar filter other than `always_off`, the one that is in force.
fn report_exemplar_filter(source: &mut Source<'_>) {
    const VARIABLE: &str = "OTEL_METRICS_EXEMPLAR_FILTER";
    const IN_FORCE: &str = "always_off";
    if let Some(filter) = source.text(VARIABLE)
        && !filter.eq_ignore_ascii_case(IN_FORCE)
    {
        let reason = "the OpenTelemetry SDK for Rust collects no exemplars";
        source.report(Problem::new(VARIABLE, filter, reason, IN_FORCE));
    }
}
