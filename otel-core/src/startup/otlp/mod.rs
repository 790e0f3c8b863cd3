//! OTLP exporters.

#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
mod signal_path;

use std::sync::Arc;
use std::time::Duration;

use signal_path::{LOGS, METRICS, SignalPath, TRACES};

#[cfg(feature = "otlp-grpc")]
use crate::config::OtlpProtocol;
use crate::config::{LogsConfig, MetricsConfig, OtlpSettings, TracesConfig};
use crate::exporter::ReportingExporter;
use crate::exporter::boxed::{BoxedLogExporter, BoxedMetricExporter};
use crate::exporter::otlp::{OtlpLogExporter, OtlpMetricExporter, OtlpService, OtlpSpanExporter};
use crate::exporter::reporting::SharedReceived;
use crate::exporter::retry::RetryBudget;
use crate::exporter::secrets::Secrets;
use crate::recorder::RecordExporter;

/// The exporter of spans that `config` describes. The error is the reason why it cannot be built.
pub(super) fn spans(config: &TracesConfig) -> Result<ReportingExporter<Box<dyn RecordExporter>>, String> {
    let (service, budget) = service(&config.otlp, config.batch.export_timeout, TRACES)?;
    let exporter: Box<dyn RecordExporter> = Box::new(OtlpSpanExporter::new(service));
    Ok(reporting(exporter, &config.otlp).with_budget(budget))
}

/// Like [`spans`], for metrics.
pub(super) fn metrics(config: &MetricsConfig) -> Result<ReportingExporter<BoxedMetricExporter>, String> {
    let (service, budget) = service(&config.otlp, config.export_timeout, METRICS)?;
    let received = SharedReceived::default();
    let exporter = OtlpMetricExporter::new(service, Arc::clone(&received), config.temporality.into());
    Ok(reporting(BoxedMetricExporter::new(exporter), &config.otlp).with_received(received).with_budget(budget))
}

/// Like [`spans`], for log records.
pub(super) fn logs(config: &LogsConfig) -> Result<ReportingExporter<BoxedLogExporter>, String> {
    let (service, budget) = service(&config.otlp, config.batch.export_timeout, LOGS)?;
    let received = SharedReceived::default();
    let exporter = OtlpLogExporter::new(service, Arc::clone(&received));
    Ok(reporting(BoxedLogExporter::new(exporter), &config.otlp).with_received(received).with_budget(budget))
}

/// The service over the configured transport. `config` accepts only a transport that this build has.
fn service(
    otlp: &OtlpSettings,
    limit: Option<Duration>,
    signal: SignalPath,
) -> Result<(Box<dyn OtlpService>, RetryBudget), String> {
    let timeout = limit.map_or(otlp.timeout, |limit| limit.min(otlp.timeout));
    #[cfg(feature = "otlp-grpc")]
    if cfg!(not(feature = "otlp-http")) || otlp.protocol == OtlpProtocol::Grpc {
        return grpc::service(otlp, timeout, signal);
    }
    #[cfg(feature = "otlp-http")]
    return http::service(otlp, timeout, signal);
    #[cfg(not(feature = "otlp-http"))]
    Err("this build speaks gRPC only".to_owned())
}

fn reporting<E>(exporter: E, otlp: &OtlpSettings) -> ReportingExporter<E> {
    let destination = format!("otlp {} ({})", otlp.shown_endpoint(), otlp.protocol);
    ReportingExporter::new(exporter, destination).with_secrets(Secrets::of(otlp))
}
