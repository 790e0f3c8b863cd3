//! Metrics and log records of the SDK → requests → a collector.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;

use super::service::{OtlpService, checked};
use super::{logs, metrics};
use crate::exporter::reporting::SharedReceived;

/// Sends one request at a time.
#[derive(Debug)]
struct Sender {
    service: Mutex<Box<dyn OtlpService>>,
    received: SharedReceived,
    is_shut_down: AtomicBool,
}

impl Sender {
    fn new(service: Box<dyn OtlpService>, received: SharedReceived) -> Self {
        Self { service: Mutex::new(service), received, is_shut_down: AtomicBool::new(false) }
    }

    /// Blocks, which is fine on an exporting thread.
    fn send(&self, request: Vec<u8>) -> OTelSdkResult {
        if self.is_shut_down.load(Ordering::Relaxed) {
            return Err(OTelSdkError::AlreadyShutdown);
        }
        let request = checked(request)?;
        let received = self.service.lock().unwrap_or_else(PoisonError::into_inner).export(request)?;
        *self.received.lock().unwrap_or_else(PoisonError::into_inner) = received;
        Ok(())
    }

    fn shut_down(&self) -> OTelSdkResult {
        if self.is_shut_down.swap(true, Ordering::Relaxed) { Err(OTelSdkError::AlreadyShutdown) } else { Ok(()) }
    }
}

/// Exports log records.
#[derive(Debug)]
pub(crate) struct OtlpLogExporter {
    sender: Sender,
    resource: Resource,
}

impl OtlpLogExporter {
    /// Creates the exporter. The collector's answer to an export that arrived is left in `received`.
    pub(crate) fn new(service: Box<dyn OtlpService>, received: SharedReceived) -> Self {
        Self { sender: Sender::new(service, received), resource: Resource::builder_empty().build() }
    }
}

impl LogExporter for OtlpLogExporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.sender.send(logs::encode(&self.resource, &batch))
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.sender.shut_down()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.clone();
    }
}

/// Exports metrics.
#[derive(Debug)]
pub(crate) struct OtlpMetricExporter {
    sender: Sender,
    temporality: Temporality,
}

impl OtlpMetricExporter {
    /// Creates the exporter. The collector's answer to an export that arrived is left in `received`.
    pub(crate) fn new(service: Box<dyn OtlpService>, received: SharedReceived, temporality: Temporality) -> Self {
        Self { sender: Sender::new(service, received), temporality }
    }
}

impl PushMetricExporter for OtlpMetricExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.sender.send(metrics::encode(metrics))
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.sender.shut_down()
    }

    fn temporality(&self) -> Temporality {
        self.temporality
    }
}
