//! The metrics of HTTP servers: how long requests take, how many are in flight, how large they are.
//!
//! Source: [HTTP metrics](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server). Through the
//! `opentelemetry` metrics API: whichever provider is installed receives them.

use super::attributes::Seen;
use super::method::RequestMethod;
use super::request::RequestFacts;
use super::settings::{HttpSettings, SemconvMode};
use crate::recorder::Moment;
use opentelemetry::metrics::{Histogram, UpDownCounter};
use opentelemetry::{InstrumentationScope, KeyValue, StringValue, global};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

/// Advised by the conventions for `http.server.request.duration`, in seconds.
const DURATION_BOUNDARIES: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// How long instruments are used before the global provider is asked for them again. A provider that is installed while
/// the server runs is used after this time at the latest; asking for each request would cost more than recording.
const REFRESH: Duration = Duration::from_secs(1);

/// The instruments of one provider.
#[derive(Debug)]
pub(super) struct Instruments {
    scope: &'static InstrumentationScope,
    duration: Histogram<f64>,
    old_duration: Histogram<f64>,
    active_requests: UpDownCounter<i64>,
    request_body_size: Histogram<u64>,
    response_body_size: Histogram<u64>,
}

impl Instruments {
    fn of_global_provider(scope: &'static InstrumentationScope) -> Self {
        let meter = global::meter_with_scope(scope.clone());
        Self {
            scope,
            duration: meter
                .f64_histogram("http.server.request.duration")
                .with_unit("s")
                .with_description("Duration of HTTP server requests.")
                .with_boundaries(DURATION_BOUNDARIES.to_vec())
                .build(),
            old_duration: meter
                .f64_histogram("http.server.duration")
                .with_unit("ms")
                .with_description("Measures the duration of inbound HTTP requests.")
                .build(),
            active_requests: meter
                .i64_up_down_counter("http.server.active_requests")
                .with_unit("{request}")
                .with_description("Number of active HTTP server requests.")
                .build(),
            request_body_size: meter
                .u64_histogram("http.server.request.body.size")
                .with_unit("By")
                .with_description("Size of HTTP server request bodies.")
                .build(),
            response_body_size: meter
                .u64_histogram("http.server.response.body.size")
                .with_unit("By")
                .with_description("Size of HTTP server response bodies.")
                .build(),
        }
    }

    /// The instruments of the provider that is installed now, or was within the last [`REFRESH`]. One set per thread:
    /// no lock is taken.
    pub(super) fn current(scope: &'static InstrumentationScope, now: Moment) -> Arc<Self> {
        thread_local! {
            static CACHED: RefCell<Option<Cached>> = const { RefCell::new(None) };
        }
        let fresh = CACHED.with_borrow(|cached| {
            let cached = cached.as_ref()?;
            let age = cached.since.until(now);
            (age < REFRESH && std::ptr::eq(cached.instruments.scope, scope)).then(|| Arc::clone(&cached.instruments))
        });
        fresh.unwrap_or_else(|| {
            // Made outside of the borrow: the provider is somebody else's code.
            let instruments = Arc::new(Self::of_global_provider(scope));
            CACHED.set(Some(Cached { since: now, instruments: Arc::clone(&instruments) }));
            instruments
        })
    }
}

struct Cached {
    since: Moment,
    instruments: Arc<Instruments>,
}

/// What one request contributes. `active_requests` goes down on every way out, since this is done in `Drop`.
#[derive(Debug)]
pub(super) struct RequestMetrics {
    instruments: Arc<Instruments>,
    semconv: SemconvMode,
    method: &'static str,
    scheme: &'static str,
    version: &'static str,
}

/// The rest of what the request's metrics need, known at its end.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    pub(super) duration: Duration,
    pub(super) status: Option<u16>,
    pub(super) route: Option<&'a Arc<str>>,
    pub(super) error_type: Option<&'a Cow<'static, str>>,
    pub(super) labels: &'a [KeyValue],
    pub(super) request_body: Option<u64>,
    pub(super) response_body: Option<u64>,
}

impl RequestMetrics {
    /// Counts the request as active.
    pub(super) fn start(
        instruments: Arc<Instruments>,
        facts: &RequestFacts<'_>,
        method: RequestMethod<'_>,
        settings: &HttpSettings,
    ) -> Self {
        let metrics = Self {
            instruments,
            semconv: settings.semconv,
            method: method.as_attribute(),
            scheme: Seen::scheme(facts, settings),
            version: facts.version.as_str(),
        };
        metrics.count_active(1);
        metrics
    }

    /// The instrumentation library that records.
    pub(super) fn scope(&self) -> &InstrumentationScope {
        self.instruments.scope
    }

    fn count_active(&self, by: i64) {
        let attributes = match self.semconv {
            SemconvMode::Old => [KeyValue::new("http.method", self.method), KeyValue::new("http.scheme", self.scheme)],
            SemconvMode::Stable | SemconvMode::Dup => {
                [KeyValue::new("http.request.method", self.method), KeyValue::new("url.scheme", self.scheme)]
            }
        };
        self.instruments.active_requests.add(by, &attributes);
    }

    /// Records the request. Attributes are bounded in number whatever a client sends: no host, no path, no raw method.
    pub(super) fn record(&self, outcome: &Outcome<'_>) {
        if self.semconv != SemconvMode::Old {
            let attributes = self.stable(outcome);
            self.instruments.duration.record(outcome.duration.as_secs_f64(), &attributes);
            if let Some(bytes) = outcome.request_body {
                self.instruments.request_body_size.record(bytes, &attributes);
            }
            if let Some(bytes) = outcome.response_body {
                self.instruments.response_body_size.record(bytes, &attributes);
            }
        }
        if self.semconv != SemconvMode::Stable {
            self.instruments.old_duration.record(outcome.duration.as_secs_f64() * 1e3, &self.old(outcome));
        }
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
            attributes.push(KeyValue::new("error.type", error_type.clone()));
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

impl Drop for RequestMetrics {
    fn drop(&mut self) {
        self.count_active(-1);
    }
}
