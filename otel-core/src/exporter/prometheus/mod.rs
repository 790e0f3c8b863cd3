//! Metrics for [Prometheus](https://prometheus.io), which scrapes them.

mod server;

use std::sync::OnceLock;

use opentelemetry_prometheus::PrometheusExporter;
use prometheus::{Encoder as _, Registry, TextEncoder};

pub(crate) use server::start;

/// The content type of [`scrape`]: version 0.0.4 of Prometheus' text format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// One registry for the process: telemetry starts once.
static REGISTRY: OnceLock<Registry> = OnceLock::new();

/// The reader of the meter provider, whose metrics [`scrape`] returns.
pub(crate) fn reader() -> Result<PrometheusExporter, String> {
    let registry = REGISTRY.get_or_init(Registry::new);
    opentelemetry_prometheus::exporter().with_registry(registry.clone()).build().map_err(|error| error.to_string())
}

/// The metrics of this process as they are now, in Prometheus' text format: for an endpoint of the application's own.
/// Empty unless `OTEL_METRICS_EXPORTER` contains `prometheus`, and after telemetry was shut down.
#[must_use]
pub fn scrape() -> Vec<u8> {
    let mut text = Vec::new();
    if let Some(registry) = REGISTRY.get()
        && TextEncoder::new().encode(&registry.gather(), &mut text).is_err()
    {
        // A part of the metrics would look like all of them.
        text.clear();
    }
    text
}
