//! One type for exporters that need a runtime and for those that do not.

#[cfg(feature = "otlp-grpc")]
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::logs::Severity;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
#[cfg(feature = "otlp-grpc")]
use tokio::runtime::Runtime;

#[cfg(feature = "otlp-grpc")]
use super::attempts::Attempts;

/// An exporter whose futures run inside its own runtime, if it has one, whoever polls them.
#[derive(Debug)]
pub(in crate::startup) struct Transport<E> {
    inner: E,
    #[cfg(feature = "otlp-grpc")]
    inside: Option<Inside>,
}

/// A runtime, and what ends an export there.
#[cfg(feature = "otlp-grpc")]
#[derive(Debug)]
struct Inside {
    runtime: Runtime,
    attempts: Arc<Attempts>,
}

impl<E> Transport<E> {
    #[cfg(feature = "otlp-http")]
    pub(super) fn direct(inner: E) -> Self {
        Self {
            inner,
            #[cfg(feature = "otlp-grpc")]
            inside: None,
        }
    }

    #[cfg(feature = "otlp-grpc")]
    pub(super) fn inside(inner: E, runtime: Runtime, attempts: Arc<Attempts>) -> Self {
        Self { inner, inside: Some(Inside { runtime, attempts }) }
    }

    #[cfg(feature = "otlp-grpc")]
    async fn run(&self, export: impl Future<Output = OTelSdkResult>) -> OTelSdkResult {
        match &self.inside {
            Some(Inside { runtime, attempts }) => attempts.bound(export, runtime).await,
            None => export.await,
        }
    }

    #[cfg(not(feature = "otlp-grpc"))]
    #[expect(clippy::unused_self, reason = "there is no runtime in this build")]
    fn run<F: Future>(&self, future: F) -> F {
        future
    }
}

impl<E: LogExporter> LogExporter for Transport<E> {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.run(self.inner.export(batch)).await
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.inner.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.inner.event_enabled(level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

impl<E: PushMetricExporter> PushMetricExporter for Transport<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.run(self.inner.export(metrics)).await
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.inner.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.inner.temporality()
    }
}

#[cfg(feature = "otlp-grpc")]
impl<E> Drop for Transport<E> {
    fn drop(&mut self) {
        // Dropping a runtime waits for its threads, and panics on a thread of another runtime.
        if let Some(Inside { runtime, .. }) = self.inside.take() {
            runtime.shutdown_background();
        }
    }
}
