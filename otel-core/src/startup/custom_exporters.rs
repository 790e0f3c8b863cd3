//! Exporters and a sampler that code adds to the configured ones.

use std::fmt;

use super::logs::LogsBuilder;
use super::metrics_builder::MetricsBuilder;
use super::traces::{CustomSampler, TracesBuilder};
use crate::exporter::failure_report::FailureReporter;

/// Adds one exporter to what start-up builds. Its failures go to the reporter.
type Addition<B> = Box<dyn FnOnce(B, FailureReporter) -> B + Send>;

/// The exporters, by signal, and the sampler. They are boxed as functions, because the SDK's traits are not
/// object-safe.
#[derive(Default)]
pub(super) struct CustomExporters {
    pub(super) sampler: Option<CustomSampler>,
    pub(super) spans: Vec<Addition<TracesBuilder>>,
    pub(super) metrics: Vec<Addition<MetricsBuilder>>,
    pub(super) logs: Vec<Addition<LogsBuilder>>,
}

impl fmt::Debug for CustomExporters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sampler, spans, metrics, logs } = self;
        f.debug_struct("CustomExporters")
            .field("sampler", &sampler.is_some())
            .field("spans", &spans.len())
            .field("metrics", &metrics.len())
            .field("logs", &logs.len())
            .finish()
    }
}
