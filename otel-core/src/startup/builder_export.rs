//! Exporters, set in code: each method has the name of its variable and wins over it.

use std::path::Path;
use std::time::Duration;

use super::builder::InitBuilder;
use crate::config::{
    ConsoleFormat, HistogramAggregation, OtlpCompression, OtlpProtocol, Setting, TemporalityPreference,
};

impl InitBuilder {
    /// `OTEL_EXPORTER_PROMETHEUS_HOST`
    pub fn exporter_prometheus_host(self, host: impl Into<String>) -> Self {
        self.variable("OTEL_EXPORTER_PROMETHEUS_HOST", host)
    }

    /// `OTEL_EXPORTER_PROMETHEUS_PORT`
    pub fn exporter_prometheus_port(self, port: u16) -> Self {
        self.variable("OTEL_EXPORTER_PROMETHEUS_PORT", port.to_string())
    }

    /// `OTEL_RUST_RUNTIME_METRICS`
    pub fn runtime_metrics(self, is_wanted: bool) -> Self {
        self.variable("OTEL_RUST_RUNTIME_METRICS", is_wanted.to_string())
    }

    /// `OTEL_RUST_CONSOLE_FORMAT`
    pub fn console_format(self, format: ConsoleFormat) -> Self {
        self.variable("OTEL_RUST_CONSOLE_FORMAT", format.to_string())
    }

    /// `OTEL_RUST_VIEWER_PORT`
    pub fn viewer_port(self, port: u16) -> Self {
        self.variable("OTEL_RUST_VIEWER_PORT", port.to_string())
    }

    /// `OTEL_RUST_VIEWER_MEMORY`, in MiB.
    pub fn viewer_memory(self, mebibytes: usize) -> Self {
        self.variable("OTEL_RUST_VIEWER_MEMORY", mebibytes.to_string())
    }

    /// `OTEL_RUST_VIEWER_TOKEN`
    pub fn viewer_token(self, token: impl Into<String>) -> Self {
        self.variable("OTEL_RUST_VIEWER_TOKEN", token)
    }

    /// `OTEL_EXPORTER_OTLP_PROTOCOL`
    pub fn exporter_otlp_protocol(self, protocol: OtlpProtocol) -> Self {
        self.variable("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.to_string())
    }

    /// `OTEL_EXPORTER_OTLP_HEADERS`: names and values as they are sent, in clear.
    pub fn exporter_otlp_headers<N: AsRef<str>, V: AsRef<str>>(
        self,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let headers = headers.into_iter().map(|(name, value)| (name.as_ref().to_owned(), value.as_ref().to_owned()));
        self.setting("OTEL_EXPORTER_OTLP_HEADERS", Setting::Headers(headers.collect()))
    }

    /// `OTEL_EXPORTER_OTLP_TIMEOUT`, in whole milliseconds, at least one.
    pub fn exporter_otlp_timeout(self, timeout: Duration) -> Self {
        self.millis("OTEL_EXPORTER_OTLP_TIMEOUT", timeout)
    }

    /// `OTEL_EXPORTER_OTLP_COMPRESSION`
    pub fn exporter_otlp_compression(self, compression: OtlpCompression) -> Self {
        self.variable("OTEL_EXPORTER_OTLP_COMPRESSION", compression.to_string())
    }

    /// `OTEL_EXPORTER_OTLP_CERTIFICATE`
    pub fn exporter_otlp_certificate(self, file: impl AsRef<Path>) -> Self {
        self.path("OTEL_EXPORTER_OTLP_CERTIFICATE", file.as_ref())
    }

    /// `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE`
    pub fn exporter_otlp_client_certificate(self, file: impl AsRef<Path>) -> Self {
        self.path("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", file.as_ref())
    }

    /// `OTEL_EXPORTER_OTLP_CLIENT_KEY`
    pub fn exporter_otlp_client_key(self, file: impl AsRef<Path>) -> Self {
        self.path("OTEL_EXPORTER_OTLP_CLIENT_KEY", file.as_ref())
    }

    /// `OTEL_EXPORTER_OTLP_INSECURE`
    pub fn exporter_otlp_insecure(self, insecure: bool) -> Self {
        self.variable("OTEL_EXPORTER_OTLP_INSECURE", insecure.to_string())
    }

    /// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`
    pub fn exporter_otlp_metrics_temporality_preference(self, preference: TemporalityPreference) -> Self {
        self.variable("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", preference.to_string())
    }

    /// `OTEL_METRIC_EXPORT_INTERVAL`, in whole milliseconds, at least one.
    pub fn metric_export_interval(self, interval: Duration) -> Self {
        self.millis("OTEL_METRIC_EXPORT_INTERVAL", interval)
    }

    /// `OTEL_METRIC_EXPORT_TIMEOUT`, in whole milliseconds, at least one.
    pub fn metric_export_timeout(self, timeout: Duration) -> Self {
        self.millis("OTEL_METRIC_EXPORT_TIMEOUT", timeout)
    }

    /// `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`, for all exporters.
    pub fn exporter_otlp_metrics_default_histogram_aggregation(self, aggregation: HistogramAggregation) -> Self {
        self.variable("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", aggregation.to_string())
    }

    /// `OTEL_BSP_SCHEDULE_DELAY`, in whole milliseconds, at least one.
    pub fn bsp_schedule_delay(self, delay: Duration) -> Self {
        self.millis("OTEL_BSP_SCHEDULE_DELAY", delay)
    }

    /// `OTEL_BSP_EXPORT_TIMEOUT`, in whole milliseconds, at least one.
    pub fn bsp_export_timeout(self, timeout: Duration) -> Self {
        self.millis("OTEL_BSP_EXPORT_TIMEOUT", timeout)
    }

    /// `OTEL_BSP_MAX_QUEUE_SIZE`
    pub fn bsp_max_queue_size(self, spans: usize) -> Self {
        self.variable("OTEL_BSP_MAX_QUEUE_SIZE", spans.to_string())
    }

    /// `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`
    pub fn bsp_max_export_batch_size(self, spans: usize) -> Self {
        self.variable("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", spans.to_string())
    }

    /// `OTEL_BLRP_SCHEDULE_DELAY`, in whole milliseconds, at least one.
    pub fn blrp_schedule_delay(self, delay: Duration) -> Self {
        self.millis("OTEL_BLRP_SCHEDULE_DELAY", delay)
    }

    /// `OTEL_BLRP_EXPORT_TIMEOUT`, in whole milliseconds, at least one.
    pub fn blrp_export_timeout(self, timeout: Duration) -> Self {
        self.millis("OTEL_BLRP_EXPORT_TIMEOUT", timeout)
    }

    /// `OTEL_BLRP_MAX_QUEUE_SIZE`
    pub fn blrp_max_queue_size(self, records: usize) -> Self {
        self.variable("OTEL_BLRP_MAX_QUEUE_SIZE", records.to_string())
    }

    /// `OTEL_BLRP_MAX_EXPORT_BATCH_SIZE`
    pub fn blrp_max_export_batch_size(self, records: usize) -> Self {
        self.variable("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", records.to_string())
    }

    fn millis(self, variable: &str, time: Duration) -> Self {
        self.variable(variable, time.as_millis().max(1).to_string())
    }

    fn path(self, variable: &str, path: &Path) -> Self {
        self.setting(variable, Setting::Path(path.to_owned()))
    }
}
