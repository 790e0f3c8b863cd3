//! The Prometheus exporter: a reader of the meter provider, and the endpoint that is scraped.

use super::metrics_builder::MetricsBuilder;
use crate::config::PrometheusSettings;

/// Adds the reader, and opens the endpoint. Without the endpoint, the application's own handler still answers.
#[cfg(feature = "prometheus")]
pub(super) fn with_prometheus(metrics: MetricsBuilder, settings: &PrometheusSettings) -> MetricsBuilder {
    let PrometheusSettings { host, port, .. } = settings;
    let reader = match crate::exporter::prometheus::reader() {
        Ok(reader) => reader,
        Err(error) => {
            crate::self_log::error(format_args!("no metrics for Prometheus: {error}"));
            return metrics;
        }
    };
    match crate::exporter::prometheus::start(host, *port) {
        Ok(address) => crate::self_log::info(format_args!("metrics for Prometheus: http://{address}/metrics")),
        Err(error) => crate::self_log::error(format_args!(
            "Prometheus cannot scrape {}:{port}: {error} (OTEL_EXPORTER_PROMETHEUS_PORT)",
            crate::config::printable::value(host)
        )),
    }
    metrics.with_reader(reader, "prometheus".to_owned())
}

/// Reports that this build cannot export metrics to Prometheus.
#[cfg(not(feature = "prometheus"))]
pub(super) fn with_prometheus(metrics: MetricsBuilder, _: &PrometheusSettings) -> MetricsBuilder {
    let reason = "this build lacks it, its cargo feature `prometheus` is off";
    let problem = crate::config::Problem::new("OTEL_METRICS_EXPORTER", "prometheus", reason, "none");
    crate::self_log::warn(format_args!("{problem}"));
    metrics
}

/// Reports that Prometheus takes metrics only.
pub(super) fn takes_metrics_alone(variable: &str) {
    let problem = crate::config::Problem::new(variable, "prometheus", "Prometheus takes metrics alone", "none");
    crate::self_log::warn(format_args!("{problem}"));
}
