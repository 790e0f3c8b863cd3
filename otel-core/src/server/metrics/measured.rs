//! The measurements of one request, and their attributes.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::{KeyValue, StringValue};

use crate::http::error_type::ErrorType;
use crate::http::settings::SemconvMode;

/// The facts of a request that are known at its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject {
    pub(super) semconv: SemconvMode,
    pub(super) method: &'static str,
    pub(super) scheme: &'static str,
    pub(super) version: &'static str,
}

/// The measurements of a request, and the facts that are known at its end.
#[derive(Debug)]
pub(in crate::server) struct Outcome<'a> {
    pub(in crate::server) duration: Duration,
    pub(in crate::server) status: Option<u16>,
    pub(in crate::server) route: Option<&'a Arc<str>>,
    pub(in crate::server) error_type: Option<ErrorType>,
    /// Attributes of the application.
    pub(in crate::server) labels: &'a [KeyValue],
    /// Sizes of the bodies in bytes, if they are measured.
    pub(in crate::server) request_body: Option<u64>,
    pub(in crate::server) response_body: Option<u64>,
}

impl Subject {
    /// Returns `true` if the stable metrics are recorded.
    pub(super) fn is_stable(self) -> bool {
        self.semconv != SemconvMode::Old
    }

    /// Returns `true` if the metrics of the older conventions are recorded.
    pub(super) fn is_old(self) -> bool {
        self.semconv != SemconvMode::Stable
    }

    /// The attributes of `active_requests`.
    pub(super) fn active(self) -> [KeyValue; 2] {
        let [method, scheme] = match self.semconv {
            SemconvMode::Old => ["http.method", "http.scheme"],
            SemconvMode::Stable | SemconvMode::Dup => ["http.request.method", "url.scheme"],
        };
        [KeyValue::new(method, self.method), KeyValue::new(scheme, self.scheme)]
    }

    /// The attributes of the stable metrics.
    pub(super) fn stable(self, outcome: &Outcome<'_>) -> Vec<KeyValue> {
        let mut attributes = Vec::with_capacity(6);
        attributes.push(KeyValue::new("http.request.method", self.method));
        attributes.push(KeyValue::new("url.scheme", self.scheme));
        attributes.push(KeyValue::new("network.protocol.version", self.version));
        if let Some(status) = outcome.status {
            attributes.push(KeyValue::new("http.response.status_code", i64::from(status)));
        }
        if let Some(route) = outcome.route {
            attributes.push(KeyValue::new("http.route", StringValue::from(Arc::clone(route))));
        }
        if let Some(error_type) = outcome.error_type {
            attributes.push(KeyValue::new("error.type", error_type.text()));
        }
        attributes.extend_from_slice(outcome.labels);
        attributes
    }

    /// The attributes of the older conventions' metrics.
    pub(super) fn old(self, outcome: &Outcome<'_>) -> Vec<KeyValue> {
        let mut attributes = Vec::with_capacity(5);
        attributes.push(KeyValue::new("http.method", self.method));
        attributes.push(KeyValue::new("http.scheme", self.scheme));
        attributes.push(KeyValue::new("http.flavor", self.version));
        if let Some(status) = outcome.status {
            attributes.push(KeyValue::new("http.status_code", i64::from(status)));
        }
        if let Some(route) = outcome.route {
            attributes.push(KeyValue::new("http.route", StringValue::from(Arc::clone(route))));
        }
        attributes.extend_from_slice(outcome.labels);
        attributes
    }
}
