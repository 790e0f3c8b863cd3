//! OTLP exporters.

#[cfg(feature = "otlp-grpc")]
mod attempts;
#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
mod transport;

#[cfg(feature = "otlp-grpc")]
use std::sync::Arc;
use std::time::Duration;

use opentelemetry_otlp::{ExporterBuildError, LogExporter, MetricExporter};

#[cfg(feature = "otlp-grpc")]
use crate::config::OtlpProtocol;
use crate::config::{LogsConfig, MetricsConfig, OtlpSettings, TracesConfig};
use crate::exporter::ReportingExporter;
#[cfg(feature = "otlp-http")]
use crate::exporter::otlp::HttpTraceService;
use crate::exporter::otlp::{OtlpExporter, TraceService};
use crate::exporter::outage::Outage;
#[cfg(feature = "otlp-grpc")]
use crate::exporter::retry::RetryBudget;
use crate::recorder::RecordExporter;
#[cfg(feature = "otlp-grpc")]
use attempts::Attempts;
use transport::Transport;

/// An exporter over whichever transport is configured.
pub(super) type Exporter<E> = ReportingExporter<Transport<E>>;

/// Builds one signal's exporter. The builders of `opentelemetry-otlp` share their settings, but not `build`.
macro_rules! exporter {
    ($builder:expr, $signal:expr, $otlp:expr, $timeout:expr) => {{
        let (otlp, timeout): (&OtlpSettings, Duration) = ($otlp, $timeout);
        #[cfg(feature = "otlp-grpc")]
        if speaks_grpc(otlp) {
            let runtime = grpc::runtime()?;
            let budget = RetryBudget::default();
            let attempts = Arc::new(Attempts::new(timeout, budget.clone()));
            let exporter = {
                let _inside = runtime.enter();
                grpc::configured($builder.with_tonic(), otlp, timeout, Arc::clone(&attempts)).build()?
            };
            let exporter = Transport::inside(exporter, runtime, attempts);
            return Ok(ReportingExporter::new(exporter, destination(otlp)).with_budget(budget));
        }
        #[cfg(feature = "otlp-http")]
        {
            let client = http::client(otlp, timeout, $signal)?;
            let (outcome, budget) = (client.outcome(), client.budget());
            let exporter = http::configured($builder.with_http(), client, timeout).build()?;
            let exporter = ReportingExporter::new(Transport::direct(exporter), destination(otlp));
            Ok(exporter.with_outcome(outcome).with_budget(budget))
        }
        #[cfg(not(feature = "otlp-http"))]
        Err(ExporterBuildError::InternalFailure("this build speaks gRPC only".to_owned()))
    }};
}

/// The exporter of spans that `config` describes.
pub(super) fn spans(config: &TracesConfig, outage: Outage) -> Result<Box<dyn RecordExporter>, ExporterBuildError> {
    let otlp = &config.otlp;
    let timeout = timeout(otlp, config.batch.export_timeout);
    #[cfg(feature = "otlp-grpc")]
    if speaks_grpc(otlp) {
        let service = grpc::trace_service(otlp, timeout)?;
        let budget = service.budget();
        return Ok(Box::new(records(service, otlp).with_budget(budget).with_outage(outage)));
    }
    #[cfg(feature = "otlp-http")]
    {
        let client = http::client(otlp, timeout, "traces")?;
        let (outcome, budget) = (client.outcome(), client.budget());
        let exporter = records(HttpTraceService(client), otlp).with_outcome(outcome);
        Ok(Box::new(exporter.with_budget(budget).with_outage(outage)))
    }
    #[cfg(not(feature = "otlp-http"))]
    Err(ExporterBuildError::InternalFailure("this build speaks gRPC only".to_owned()))
}

/// An exporter of records to this service.
fn records<S: TraceService>(service: S, otlp: &OtlpSettings) -> ReportingExporter<OtlpExporter<S>> {
    ReportingExporter::new(OtlpExporter::new(service), destination(otlp))
}

/// As [`spans`], for metrics.
pub(super) fn metrics(config: &MetricsConfig) -> Result<Exporter<MetricExporter>, ExporterBuildError> {
    let builder = MetricExporter::builder().with_temporality(config.temporality.into());
    exporter!(builder, "metrics", &config.otlp, timeout(&config.otlp, config.export_timeout))
}

/// As [`spans`], for log records.
pub(super) fn logs(config: &LogsConfig) -> Result<Exporter<LogExporter>, ExporterBuildError> {
    exporter!(LogExporter::builder(), "logs", &config.otlp, timeout(&config.otlp, config.batch.export_timeout))
}

/// `config` lets through what this build can speak.
#[cfg(feature = "otlp-grpc")]
fn speaks_grpc(otlp: &OtlpSettings) -> bool {
    cfg!(not(feature = "otlp-http")) || otlp.protocol == OtlpProtocol::Grpc
}

fn timeout(otlp: &OtlpSettings, limit: Option<Duration>) -> Duration {
    limit.map_or(otlp.timeout, |limit| limit.min(otlp.timeout))
}

/// What reports call this exporter.
pub(super) fn destination(otlp: &OtlpSettings) -> String {
    format!("otlp {} ({})", otlp.shown_endpoint(), otlp.protocol)
}
