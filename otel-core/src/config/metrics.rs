//! Everything about metrics.

use std::time::Duration;

use opentelemetry_sdk::metrics::Temporality;

use super::choice::{Choice as _, choice};
use super::list;
use super::names::ExporterName;
use super::otlp::OtlpSettings;
use super::source::Source;

/// Which measurements may become exemplars (`OTEL_METRICS_EXEMPLAR_FILTER`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExemplarFilter {
    /// `always_on`
    AlwaysOn,
    /// `always_off`
    AlwaysOff,
    /// `trace_based`: those made while a sampled span is current.
    TraceBased,
}

choice!(ExemplarFilter {
    "always_on" => Self::AlwaysOn,
    "always_off" => Self::AlwaysOff,
    "trace_based" => Self::TraceBased,
});

/// What each export of a metric covers (`OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TemporalityPreference {
    /// `cumulative`: everything since the start. The default.
    #[default]
    Cumulative,
    /// `delta`: what happened since the export before.
    Delta,
    /// `lowmemory`: delta where that saves memory, cumulative elsewhere.
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
    /// `OTEL_EXPORTER_OTLP_METRICS_*`, else `OTEL_EXPORTER_OTLP_*`
    pub otlp: OtlpSettings,
    /// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`
    pub temporality: TemporalityPreference,
    /// `OTEL_METRIC_EXPORT_INTERVAL`: time between two exports. `None`: unset, the exporter's default counts.
    pub export_interval: Option<Duration>,
    /// `OTEL_METRIC_EXPORT_TIMEOUT`: longest time for one export. `None`: unset, the exporter's own timeout counts.
    pub export_timeout: Option<Duration>,
    /// `OTEL_METRICS_EXEMPLAR_FILTER`. `None`: unset. The SDK collects no exemplars as yet, whatever this says.
    pub exemplar_filter: Option<ExemplarFilter>,
}

impl MetricsConfig {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let general = OtlpSettings::read_general(source);
        let preference = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
        Self {
            exporters: list::read(source, "OTEL_METRICS_EXPORTER", &[ExporterName::Otlp]),
            otlp: OtlpSettings::read(source, "METRICS", "v1/metrics", &general),
            temporality: source.choice(preference, TemporalityPreference::default()),
            export_interval: source.optional_millis("OTEL_METRIC_EXPORT_INTERVAL", "the exporter's own interval"),
            export_timeout: source.optional_millis("OTEL_METRIC_EXPORT_TIMEOUT", "the exporter's own timeout"),
            exemplar_filter: exemplar_filter(source),
        }
    }
}

fn exemplar_filter(source: &mut Source<'_>) -> Option<ExemplarFilter> {
    const VARIABLE: &str = "OTEL_METRICS_EXEMPLAR_FILTER";
    let text = source.text(VARIABLE)?;
    // Read as any other enumeration, so that a wrong name is reported; the fallback is the specification's default.
    source.choice(VARIABLE, ExemplarFilter::TraceBased);
    ExemplarFilter::by_name(&text)
}
