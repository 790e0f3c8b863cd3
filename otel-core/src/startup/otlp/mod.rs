//! OTLP exporters.

#[cfg(feature = "grpc")]
mod attempts;
#[cfg(feature = "grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
mod transport;

#[cfg(feature = "grpc")]
use std::sync::Arc;
use std::time::Duration;

use opentelemetry_otlp::{ExporterBuildError, LogExporter, MetricExporter};

use crate::config::{LogsConfig, MetricsConfig, OtlpProtocol, OtlpSettings, TracesConfig};
use crate::exporter::ReportingExporter;
use crate::exporter::otlp::{OtlpExporter, TraceService};
use crate::exporter::outage::Outage;
#[cfg(feature = "grpc")]
use crate::exporter::retry::Patience;
use crate::recorder::RecordExporter;
#[cfg(feature = "otlp-http")]
use crate::recorder::SpanDataExporter;
#[cfg(feature = "grpc")]
use attempts::Attempts;
use transport::Transport;

/// An exporter over whichever transport is configured.
pub(super) type Exporter<E> = ReportingExporter<Transport<E>>;

/// Builds one signal's exporter. The builders of `opentelemetry-otlp` share their settings, but not `build`.
macro_rules! exporter {
    ($builder:expr, $otlp:expr, $timeout:expr) => {{
        let (otlp, timeout): (&OtlpSettings, Duration) = ($otlp, $timeout);
        #[cfg(feature = "grpc")]
        if speaks_grpc(otlp) {
            let runtime = grpc::runtime()?;
            let patience = Patience::default();
            let attempts = Arc::new(Attempts::new(timeout, patience.clone()));
            let exporter = {
                let _inside = runtime.enter();
                grpc::configured($builder.with_tonic(), otlp, timeout, Arc::clone(&attempts)).build()?
            };
            let exporter = Transport::inside(exporter, runtime, attempts);
            return Ok(ReportingExporter::new(exporter, destination(otlp)).with_patience(patience));
        }
        #[cfg(feature = "otlp-http")]
        {
            let (builder, aftermath, patience) = http::configured($builder.with_http(), otlp, timeout);
            let exporter = ReportingExporter::new(Transport::direct(builder.build()?), destination(otlp));
            Ok(exporter.with_aftermath(aftermath).with_patience(patience))
        }
        #[cfg(not(feature = "otlp-http"))]
        Err(ExporterBuildError::InternalFailure("this build speaks gRPC only".to_owned()))
    }};
}

/// The exporter of spans that `config` describes.
pub(super) fn spans(config: &TracesConfig, outage: Outage) -> Result<Box<dyn RecordExporter>, ExporterBuildError> {
    let otlp = &config.otlp;
    let timeout = timeout(otlp, config.batch.export_timeout);
    #[cfg(feature = "grpc")]
    if speaks_grpc(otlp) {
        let service = grpc::trace_service(otlp, timeout)?;
        let patience = service.patience();
        return Ok(Box::new(records(service, otlp).with_patience(patience).with_outage(outage)));
    }
    #[cfg(feature = "otlp-http")]
    if otlp.protocol == OtlpProtocol::HttpJson {
        let builder = opentelemetry_otlp::SpanExporter::builder().with_http();
        let (builder, aftermath, patience) = http::configured(builder, otlp, timeout);
        let exporter = ReportingExporter::new(builder.build()?, destination(otlp)).with_aftermath(aftermath);
        Ok(Box::new(SpanDataExporter::new(exporter.with_patience(patience).with_outage(outage))))
    } else {
        let (service, aftermath, patience) = http::trace_service(otlp, timeout)?;
        let exporter = records(service, otlp).with_aftermath(aftermath);
        Ok(Box::new(exporter.with_patience(patience).with_outage(outage)))
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
    exporter!(builder, &config.otlp, timeout(&config.otlp, config.export_timeout))
}

/// As [`spans`], for log records.
pub(super) fn logs(config: &LogsConfig) -> Result<Exporter<LogExporter>, ExporterBuildError> {
    exporter!(LogExporter::builder(), &config.otlp, timeout(&config.otlp, config.batch.export_timeout))
}

/// `config` lets through what this build can speak.
#[cfg(feature = "grpc")]
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
