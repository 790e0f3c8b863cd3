//! Boxed exporters of metrics and of log records.
//!
//! The SDK's traits are not object-safe, and the SDK's readers and processors are generic over them. With one boxed type
//! per signal, an application compiles these once, however many exporters there are.

use std::fmt::{self, Debug};
use std::pin::Pin;
use std::time::Duration;

use opentelemetry::logs::Severity;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;

type ExportFuture<'a> = Pin<Box<dyn Future<Output = OTelSdkResult> + Send + 'a>>;

/// Any exporter of log records.
#[derive(Debug)]
pub(crate) struct BoxedLogExporter(Box<dyn DynLogExporter>);

impl BoxedLogExporter {
    pub(crate) fn new(exporter: impl LogExporter + 'static) -> Self {
        Self(Box::new(exporter))
    }
}

/// The methods of [`LogExporter`], with a future of one type.
trait DynLogExporter: Debug + Send + Sync {
    fn export<'a>(&'a self, batch: LogBatch<'a>) -> ExportFuture<'a>;
    fn shutdown(&self) -> OTelSdkResult;
    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult;
    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool;
    fn set_resource(&mut self, resource: &Resource);
}

impl<E: LogExporter> DynLogExporter for E {
    fn export<'a>(&'a self, batch: LogBatch<'a>) -> ExportFuture<'a> {
        Box::pin(LogExporter::export(self, batch))
    }

    fn shutdown(&self) -> OTelSdkResult {
        LogExporter::shutdown(self)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        LogExporter::shutdown_with_timeout(self, timeout)
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        LogExporter::event_enabled(self, level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        LogExporter::set_resource(self, resource);
    }
}

impl LogExporter for BoxedLogExporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.0.export(batch).await
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.0.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.0.event_enabled(level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// Any exporter of metrics.
pub(crate) struct BoxedMetricExporter(Box<dyn DynMetricExporter>);

impl BoxedMetricExporter {
    pub(crate) fn new(exporter: impl PushMetricExporter) -> Self {
        Self(Box::new(exporter))
    }
}

impl Debug for BoxedMetricExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoxedMetricExporter")
    }
}

/// The methods of [`PushMetricExporter`], with a future of one type.
trait DynMetricExporter: Send + Sync {
    fn export<'a>(&'a self, metrics: &'a ResourceMetrics) -> ExportFuture<'a>;
    fn force_flush(&self) -> OTelSdkResult;
    fn shutdown(&self) -> OTelSdkResult;
    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult;
    fn temporality(&self) -> Temporality;
}

impl<E: PushMetricExporter> DynMetricExporter for E {
    fn export<'a>(&'a self, metrics: &'a ResourceMetrics) -> ExportFuture<'a> {
        Box::pin(PushMetricExporter::export(self, metrics))
    }

    fn force_flush(&self) -> OTelSdkResult {
        PushMetricExporter::force_flush(self)
    }

    fn shutdown(&self) -> OTelSdkResult {
        PushMetricExporter::shutdown(self)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        PushMetricExporter::shutdown_with_timeout(self, timeout)
    }

    fn temporality(&self) -> Temporality {
        PushMetricExporter::temporality(self)
    }
}

impl PushMetricExporter for BoxedMetricExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.0.export(metrics).await
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.0.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.0.temporality()
    }
}
