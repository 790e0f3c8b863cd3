//! A meter provider while its readers are added.

use std::time::Duration;

#[cfg(feature = "prometheus")]
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{MeterProviderBuilder, PeriodicReader};

use crate::exporter::ReportingExporter;
use crate::exporter::boxed::BoxedMetricExporter;

/// Time between two exports, except to the console
/// ([specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)).
pub(super) const INTERVAL: Duration = Duration::from_secs(60);

/// A meter provider that is being built.
pub(super) struct MetricsBuilder {
    pub(super) builder: MeterProviderBuilder,
    pub(super) interval: Option<Duration>,
    pub(super) destinations: Vec<String>,
}

impl MetricsBuilder {
    /// Adds a reader whose metrics are scraped.
    #[cfg(feature = "prometheus")]
    pub(super) fn with_reader(mut self, reader: impl MetricReader, destination: String) -> Self {
        self.destinations.push(destination);
        Self { builder: self.builder.with_reader(reader), ..self }
    }

    /// Adds an exporter. It exports every `interval`, unless the configuration sets another one.
    pub(super) fn with(mut self, exporter: ReportingExporter<BoxedMetricExporter>, interval: Duration) -> Self {
        self.destinations.push(exporter.destination().to_owned());
        let reader = PeriodicReader::builder(exporter).with_interval(self.interval.unwrap_or(interval)).build();
        Self { builder: self.builder.with_reader(reader), ..self }
    }
}
