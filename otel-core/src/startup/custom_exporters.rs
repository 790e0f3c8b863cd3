//! Exporters and a sampler that code adds to the configured ones.

use std::fmt;

use super::traces::CustomSampler;
use crate::exporter::ReportingExporter;
use crate::exporter::boxed::{BoxedLogExporter, BoxedMetricExporter};
use crate::recorder::RecordExporter;

/// The exporters, by signal, and the sampler.
#[derive(Default)]
pub(super) struct CustomExporters {
    pub(super) sampler: Option<CustomSampler>,
    pub(super) spans: Vec<ReportingExporter<Box<dyn RecordExporter>>>,
    pub(super) metrics: Vec<ReportingExporter<BoxedMetricExporter>>,
    pub(super) logs: Vec<ReportingExporter<BoxedLogExporter>>,
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
