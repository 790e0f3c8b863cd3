//! The metrics of HTTP servers: how long requests take, how many are in flight, how large they are.
//!
//! Source: [HTTP metrics](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server). Through the
//! `opentelemetry` metrics API: whichever provider is installed receives them.

mod bound;
mod instruments;

use crate::http::RequestFacts;
use crate::http::attributes::Seen;
use crate::http::error_type::ErrorType;
use crate::http::method::RequestMethod;
use crate::http::settings::{HttpSettings, SemconvMode};
use opentelemetry::{Context, KeyValue, StringValue};
use std::sync::Arc;
use std::time::Duration;

use bound::ActiveRequests;
pub(super) use instruments::Instruments;

/// What one request contributes. `active_requests` goes down on every way out, since this is done in `Drop`.
#[derive(Debug)]
pub(super) struct RequestMetrics {
    instruments: Arc<Instruments>,
    semconv: SemconvMode,
    method: &'static str,
    scheme: &'static str,
    version: &'static str,
    /// `None`: counted by attributes.
    active: Option<ActiveRequests>,
}

/// The rest of what the request's metrics need, known at its end.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    pub(super) duration: Duration,
    pub(super) status: Option<u16>,
    pub(super) route: Option<&'a Arc<str>>,
    pub(super) error_type: Option<ErrorType>,
    pub(super) labels: &'a [KeyValue],
    pub(super) request_body: Option<u64>,
    pub(super) response_body: Option<u64>,
}

impl RequestMetrics {
    /// Counts the request as active.
    pub(super) fn start(
        instruments: &Arc<Instruments>,
        facts: &RequestFacts<'_>,
        method: RequestMethod<'_>,
        settings: &HttpSettings,
    ) -> Self {
        let (method, scheme) = (method.as_attribute(), Seen::scheme(facts, settings));
        let attributes = || active_attributes(settings.semconv, method, scheme);
        let active = if instruments.can_be_bound {
            bound::active_requests(instruments, settings.semconv, method, scheme, attributes)
        } else {
            None
        };
        let metrics = Self {
            instruments: Arc::clone(instruments),
            semconv: settings.semconv,
            method,
            scheme,
            version: facts.version.as_str(),
            active,
        };
        metrics.count_active(1);
        metrics
    }

    #[inline]
    fn count_active(&self, by: i64) {
        if let Some(active) = &self.active {
            active.add(by);
        } else {
            let attributes = active_attributes(self.semconv, self.method, self.scheme);
            self.instruments.active_requests.add(by, &attributes);
        }
    }

    /// Records the request. Attributes are bounded in number whatever a client sends: no host, no path, no raw method.
    /// The span in `context` is current meanwhile, where the provider may look: exemplars carry its ids. Ours, made of the
    /// SDK, collects none yet.
    pub(super) fn record(&self, outcome: &Outcome<'_>, context: &Context) {
        let by_series = self.instruments.can_be_bound && outcome.labels.is_empty() && bound::record(self, outcome);
        if by_series {
            return;
        }
        let _current = context.clone().attach();
        if self.is_stable() {
            let attributes = self.stable(outcome);
            self.instruments.duration.record(outcome.duration.as_secs_f64(), &attributes);
            if let Some(bytes) = outcome.request_body {
                self.instruments.request_body_size.record(bytes, &attributes);
            }
            if let Some(bytes) = outcome.response_body {
                self.instruments.response_body_size.record(bytes, &attributes);
            }
        }
        if self.is_old() {
            self.instruments.old_duration.record(outcome.duration.as_secs_f64() * 1e3, &self.old(outcome));
        }
    }

    fn is_stable(&self) -> bool {
        self.semconv != SemconvMode::Old
    }

    fn is_old(&self) -> bool {
        self.semconv != SemconvMode::Stable
    }

    fn stable(&self, outcome: &Outcome<'_>) -> Vec<KeyValue> {
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

    fn old(&self, outcome: &Outcome<'_>) -> Vec<KeyValue> {
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

/// Those of `active_requests`.
fn active_attributes(semconv: SemconvMode, method: &'static str, scheme: &'static str) -> [KeyValue; 2] {
    match semconv {
        SemconvMode::Old => [KeyValue::new("http.method", method), KeyValue::new("http.scheme", scheme)],
        SemconvMode::Stable | SemconvMode::Dup => {
            [KeyValue::new("http.request.method", method), KeyValue::new("url.scheme", scheme)]
        }
    }
}

impl Drop for RequestMetrics {
    fn drop(&mut self) {
        self.count_active(-1);
    }
}
