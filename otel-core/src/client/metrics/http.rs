//! The metrics of HTTP clients.

use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::FixedState;
use opentelemetry::metrics::BoundHistogram;
use opentelemetry::{Context, KeyValue};

use super::super::series::Series;
use super::instruments::Instruments;
use crate::http::HttpVersion;
use crate::http::client::attributes::server;
use crate::http::error_type::ErrorType;
use crate::http::settings::SemconvMode;
use crate::span_facts::HttpClientView;

thread_local! {
    static SERIES: Series<HttpSeriesKey, BoundHttpClient> = const { Series::new() };
}

/// All that the metrics of one request need.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct HttpOutcome<'a> {
    pub(in crate::client) semconv: SemconvMode,
    pub(in crate::client) method: &'static str,
    pub(in crate::client) scheme: &'a str,
    pub(in crate::client) authority: &'a str,
    /// The status code and the version of a response. `None` if there was none.
    pub(in crate::client) response: Option<(u16, HttpVersion)>,
    pub(in crate::client) error_type: Option<ErrorType>,
    /// The sizes of the bodies in bytes. `None` if a size is unknown, or not recorded.
    pub(in crate::client) request_body: Option<u64>,
    pub(in crate::client) response_body: Option<u64>,
}

/// A series: the instruments, which it keeps alive, and all that its attributes follow from.
#[derive(Debug)]
struct HttpSeriesKey {
    instruments: Arc<Instruments>,
    semconv: SemconvMode,
    method: &'static str,
    scheme: Box<str>,
    authority: Box<str>,
    response: Option<(u16, HttpVersion)>,
    error_type: Option<ErrorType>,
    /// `true` for each body, of the request and of the response, whose size is recorded.
    has_sizes: (bool, bool),
}

impl HttpSeriesKey {
    /// Copies the parts of the outcome that identify its series.
    fn of(instruments: &Arc<Instruments>, outcome: &HttpOutcome<'_>) -> Self {
        let HttpOutcome { semconv, method, scheme, authority, response, error_type, .. } = *outcome;
        let instruments = Arc::clone(instruments);
        let (scheme, authority, has_sizes) = (scheme.into(), authority.into(), outcome.has_sizes());
        Self { instruments, semconv, method, scheme, authority, response, error_type, has_sizes }
    }

    /// Returns `true` if the outcome belongs to the series. The texts that differ most often are compared last: the caller found
    /// the series by a hash of them.
    fn is(&self, instruments: &Arc<Instruments>, outcome: &HttpOutcome<'_>) -> bool {
        Arc::ptr_eq(&self.instruments, instruments)
            && self.semconv == outcome.semconv
            && self.method == outcome.method
            && self.response == outcome.response
            && self.error_type == outcome.error_type
            && self.has_sizes == outcome.has_sizes()
            && *self.authority == *outcome.authority
            && *self.scheme == *outcome.scheme
    }
}

/// The instruments of one series, with its attributes bound. `None` for those that its conventions do not have, or whose
/// values its requests do not know.
#[derive(Debug)]
struct BoundHttpClient {
    duration: Option<BoundHistogram<f64>>,
    old_duration: Option<BoundHistogram<f64>>,
    request_body_size: Option<BoundHistogram<u64>>,
    response_body_size: Option<BoundHistogram<u64>>,
}

impl Instruments {
    /// Records one request. The span in `context` is current meanwhile, where the provider may look for it.
    pub(in crate::client) fn record_http(
        self: &Arc<Self>,
        outcome: &HttpOutcome<'_>,
        duration: Duration,
        context: &Context,
    ) {
        if !self.can_be_bound {
            let _current = context.clone().attach();
            return self.record_http_by_attributes(outcome, duration);
        }
        let hash = FixedState::with_seed(0).hash_one((
            outcome.authority,
            outcome.method.as_ptr().addr(),
            outcome.response.map(|(status, _)| status),
        ));
        let record = |series: &Series<HttpSeriesKey, BoundHttpClient>| {
            series.record(
                hash,
                |key| key.is(self, outcome),
                || (HttpSeriesKey::of(self, outcome), BoundHttpClient::new(self, outcome)),
                |bound| bound.record(outcome, duration),
            );
        };
        // Refused only while the thread ends.
        if SERIES.try_with(record).is_err() {
            self.record_http_by_attributes(outcome, duration);
        }
    }

    #[cold]
    fn record_http_by_attributes(&self, outcome: &HttpOutcome<'_>, duration: Duration) {
        if let Some(attributes) = outcome.stable() {
            self.http_duration.record(duration.as_secs_f64(), &attributes);
            if let Some(bytes) = outcome.request_body {
                self.request_body_size.record(bytes, &attributes);
            }
            if let Some(bytes) = outcome.response_body {
                self.response_body_size.record(bytes, &attributes);
            }
        }
        if let Some(attributes) = outcome.old() {
            self.old_http_duration.record(duration.as_secs_f64() * 1e3, &attributes);
        }
    }
}

impl BoundHttpClient {
    #[cold]
    fn new(instruments: &Instruments, outcome: &HttpOutcome<'_>) -> Self {
        let (stable, old) = (outcome.stable(), outcome.old());
        let stable = stable.as_deref();
        let (has_request, has_response) = outcome.has_sizes();
        // A series is exported as soon as it is bound, also one without measurements.
        Self {
            duration: stable.map(|attributes| instruments.http_duration.bind(attributes)),
            old_duration: old.map(|attributes| instruments.old_http_duration.bind(&attributes)),
            request_body_size: stable
                .filter(|_| has_request)
                .map(|attributes| instruments.request_body_size.bind(attributes)),
            response_body_size: stable
                .filter(|_| has_response)
                .map(|attributes| instruments.response_body_size.bind(attributes)),
        }
    }

    #[inline]
    fn record(&self, outcome: &HttpOutcome<'_>, duration: Duration) {
        if let Some(histogram) = &self.duration {
            histogram.record(duration.as_secs_f64());
        }
        if let Some(histogram) = &self.old_duration {
            histogram.record(duration.as_secs_f64() * 1e3);
        }
        if let (Some(histogram), Some(bytes)) = (&self.request_body_size, outcome.request_body) {
            histogram.record(bytes);
        }
        if let (Some(histogram), Some(bytes)) = (&self.response_body_size, outcome.response_body) {
            histogram.record(bytes);
        }
    }
}

impl<'a> HttpOutcome<'a> {
    /// The outcome of a request that ended.
    #[inline]
    pub(in crate::client) fn of(call: &HttpClientView<'a>) -> Self {
        let (scheme, authority) = call.server();
        let (request_body, response_body) = call.body_sizes();
        Self {
            semconv: call.settings().semconv,
            method: call.method().as_attribute(),
            scheme,
            authority,
            response: call.response(),
            error_type: call.error_type(),
            request_body,
            response_body,
        }
    }

    /// `true` for each body, of the request and of the response, whose size is known.
    fn has_sizes(&self) -> (bool, bool) {
        (self.request_body.is_some(), self.response_body.is_some())
    }

    /// The attributes of the stable
    /// [conventions](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-client), if they are in force.
    fn stable(&self) -> Option<Vec<KeyValue>> {
        (self.semconv != SemconvMode::Old).then(|| {
            let mut attributes = Vec::with_capacity(6);
            attributes.push(KeyValue::new("http.request.method", self.method));
            if let Some((host, port)) = server(self.scheme, self.authority) {
                attributes.push(KeyValue::new("server.address", host.to_owned()));
                attributes.push(KeyValue::new("server.port", i64::from(port)));
            }
            if let Some((status, version)) = self.response {
                attributes.push(KeyValue::new("http.response.status_code", i64::from(status)));
                attributes.push(KeyValue::new("network.protocol.version", version.as_str()));
            }
            if let Some(error_type) = self.error_type {
                attributes.push(KeyValue::new("error.type", error_type.text()));
            }
            attributes
        })
    }

    /// The attributes of the older conventions, if they are in force.
    fn old(&self) -> Option<Vec<KeyValue>> {
        (self.semconv != SemconvMode::Stable).then(|| {
            let mut attributes = Vec::with_capacity(5);
            attributes.push(KeyValue::new("http.method", self.method));
            if let Some((host, port)) = server(self.scheme, self.authority) {
                attributes.push(KeyValue::new("net.peer.name", host.to_owned()));
                attributes.push(KeyValue::new("net.peer.port", i64::from(port)));
            }
            if let Some((status, version)) = self.response {
                attributes.push(KeyValue::new("http.status_code", i64::from(status)));
                attributes.push(KeyValue::new("http.flavor", version.as_str()));
            }
            attributes
        })
    }
}
