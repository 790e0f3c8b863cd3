//! Settings of spans.

use super::batch::BatchSettings;
use super::console::ConsoleFormat;
use super::limits::SpanLimitSettings;
use super::list;
use super::names::ExporterName;
use super::otlp::OtlpSettings;
use super::sampler::SamplerChoice;
use super::source::Source;

/// Settings of the trace signal.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TracesConfig {
    /// `OTEL_TRACES_EXPORTER`. Empty: `none`.
    pub exporters: Vec<ExporterName>,
    /// `OTEL_RUST_CONSOLE_FORMAT`. `None`: text on a terminal, JSON elsewhere.
    pub console_format: Option<ConsoleFormat>,
    /// `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`
    pub sampler: SamplerChoice,
    /// `OTEL_EXPORTER_OTLP_TRACES_*`, else `OTEL_EXPORTER_OTLP_*`
    pub otlp: OtlpSettings,
    /// `OTEL_BSP_*`
    pub batch: BatchSettings,
    /// `OTEL_SPAN_*_LIMIT` and the general limits.
    pub limits: SpanLimitSettings,
}

impl TracesConfig {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let general = OtlpSettings::read_general(source);
        Self {
            exporters: list::read(source, "OTEL_TRACES_EXPORTER", &[ExporterName::Otlp]),
            console_format: ConsoleFormat::read(source),
            sampler: SamplerChoice::read(source),
            otlp: OtlpSettings::read(source, "TRACES", "v1/traces", &general),
            batch: BatchSettings::read(source, "OTEL_BSP_"),
            limits: SpanLimitSettings::read(source),
        }
    }
}
