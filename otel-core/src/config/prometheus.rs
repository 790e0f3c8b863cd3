//! The endpoint that Prometheus scrapes.

use super::source::Source;

const HOST: &str = "localhost";
const PORT: u16 = 9464;

/// Settings of the Prometheus exporter (`OTEL_METRICS_EXPORTER=prometheus`,
/// [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#prometheus-exporter)).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PrometheusSettings {
    /// `OTEL_EXPORTER_PROMETHEUS_HOST`: the address to listen on.
    pub host: String,
    /// `OTEL_EXPORTER_PROMETHEUS_PORT`; 0 for any that is free.
    pub port: u16,
}

impl PrometheusSettings {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        Self {
            host: source.text("OTEL_EXPORTER_PROMETHEUS_HOST").unwrap_or_else(|| HOST.to_owned()),
            port: source.number("OTEL_EXPORTER_PROMETHEUS_PORT", 0..=u16::MAX, PORT).unwrap_or(PORT),
        }
    }
}
