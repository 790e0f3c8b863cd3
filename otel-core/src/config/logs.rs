//! Settings of log records.

use super::batch::BatchSettings;
use super::limits::LogRecordLimitSettings;
use super::list;
use super::names::ExporterName;
use super::otlp::OtlpSettings;
use super::source::Source;

/// Settings of the log signal.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LogsConfig {
    /// `OTEL_LOGS_EXPORTER`. Empty: `none`.
    pub exporters: Vec<ExporterName>,
    /// `OTEL_EXPORTER_OTLP_LOGS_*`, else `OTEL_EXPORTER_OTLP_*`
    pub otlp: OtlpSettings,
    /// `OTEL_BLRP_*`
    pub batch: BatchSettings,
    /// `OTEL_LOGRECORD_*_LIMIT` and the general limits.
    pub limits: LogRecordLimitSettings,
}

impl LogsConfig {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let general = OtlpSettings::read_general(source);
        Self {
            exporters: list::read(source, "OTEL_LOGS_EXPORTER", list::usual_exporters(source)),
            otlp: OtlpSettings::read(source, "LOGS", "v1/logs", &general),
            batch: BatchSettings::read(source, "OTEL_BLRP_"),
            limits: LogRecordLimitSettings::read(source),
        }
    }
}
