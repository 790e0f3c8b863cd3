//! Instruments with bound attributes, one per time series. Recording through them looks up no attributes.

use super::instruments::Instruments;
use super::measured::{Outcome, Subject};
use crate::direct_mapped::DirectMapped;
use crate::http::error_type::ErrorType;
use crate::http::settings::SemconvMode;
use foldhash::fast::FixedState;
use opentelemetry::metrics::{BoundHistogram, BoundUpDownCounter};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// The most series of a thread; further ones are recorded by their attributes. The SDK merges series beyond 2,000 into one.
const MAX_SERIES: usize = 1000;

/// Entries of the cache: an application receives most of its requests on few routes.
const CACHE_SIZE: usize = 64;

thread_local! {
    static SERIES: RefCell<ThreadSeries> = const { RefCell::new(ThreadSeries::new()) };
}

/// The series of one thread.
#[derive(Debug)]
struct ThreadSeries {
    /// The instruments that the series belong to.
    instruments: Option<Arc<Instruments>>,
    /// The series that were recorded last.
    cache: DirectMapped<SeriesKey, Rc<BoundInstruments>, CACHE_SIZE>,
    series: HashMap<SeriesKey, Rc<BoundInstruments>, FixedState>,
    /// By conventions, method and scheme; a handful.
    active: Vec<((SemconvMode, &'static str, &'static str), ActiveRequests)>,
}

/// Counts requests of one method and scheme.
pub(super) type ActiveRequests = Arc<BoundUpDownCounter<i64>>;

/// Identifies a series. Texts are compared by address: methods and schemes are part of the program or of the settings, and
/// all requests of a thread share the text of their route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct SeriesKey {
    /// The settings of two layers may differ.
    semconv: SemconvMode,
    route: usize,
    method: usize,
    scheme: usize,
    version: usize,
    status: Option<u16>,
    error_type: Option<ErrorType>,
    /// `true` if the size of the request body is recorded, and the same for the response body.
    bodies: (bool, bool),
}

#[derive(Debug)]
struct BoundInstruments {
    duration: Option<BoundHistogram<f64>>,
    old_duration: Option<BoundHistogram<f64>>,
    request_body_size: Option<BoundHistogram<u64>>,
    response_body_size: Option<BoundHistogram<u64>>,
    /// Kept, so that no other route gets its address.
    _route: Option<Arc<str>>,
}

impl ThreadSeries {
    const fn new() -> Self {
        Self {
            instruments: None,
            cache: DirectMapped::new(),
            series: HashMap::with_hasher(FixedState::with_seed(0)),
            active: Vec::new(),
        }
    }

    /// Starts over if another provider was installed.
    #[inline]
    fn for_instruments(&mut self, instruments: &Arc<Instruments>) -> &mut Self {
        if !self.instruments.as_ref().is_some_and(|known| Arc::ptr_eq(known, instruments)) {
            *self = Self { instruments: Some(Arc::clone(instruments)), ..Self::new() };
        }
        self
    }

    /// Records the request in its series. Returns `false` if there are too many series.
    #[inline]
    fn record(&mut self, instruments: &Instruments, subject: Subject, key: &SeriesKey, outcome: &Outcome<'_>) -> bool {
        let status = key.status.map_or(0, usize::from);
        // Separate allocations have equal low bits; texts of the program lie side by side.
        let hash = key.route >> 4 ^ key.route >> 10 ^ key.method ^ status;
        if let Some(bound) = self.cache.get(hash, |other| other == key) {
            bound.record(outcome);
            return true;
        }
        let Some(bound) = self.find_or_bind(instruments, subject, key, outcome) else { return false };
        bound.record(outcome);
        *self.cache.entry(hash) = Some((*key, bound));
        true
    }

    #[cold]
    fn find_or_bind(
        &mut self,
        instruments: &Instruments,
        subject: Subject,
        key: &SeriesKey,
        outcome: &Outcome<'_>,
    ) -> Option<Rc<BoundInstruments>> {
        if !self.series.contains_key(key) && self.series.len() >= MAX_SERIES {
            return None;
        }
        let bound =
            self.series.entry(*key).or_insert_with(|| Rc::new(BoundInstruments::new(instruments, subject, outcome)));
        Some(Rc::clone(bound))
    }
}

fn address(text: &str) -> usize {
    text.as_ptr().addr()
}

/// Records by a series. Returns `false` if the caller has to record by attributes.
pub(super) fn record(instruments: &Arc<Instruments>, subject: Subject, outcome: &Outcome<'_>) -> bool {
    let key = SeriesKey {
        semconv: subject.semconv,
        route: outcome.route.map_or(0, |route| address(route)),
        method: address(subject.method),
        scheme: address(subject.scheme),
        version: address(subject.version),
        status: outcome.status,
        error_type: outcome.error_type,
        bodies: (outcome.request_body.is_some(), outcome.response_body.is_some()),
    };
    let recorded = SERIES.try_with(|series| {
        let Ok(mut series) = series.try_borrow_mut() else { return false };
        series.for_instruments(instruments).record(instruments, subject, &key, outcome)
    });
    recorded.unwrap_or(false)
}

/// Returns the series of active requests. Returns `None` if there are too many.
pub(super) fn active_requests(instruments: &Arc<Instruments>, subject: Subject) -> Option<ActiveRequests> {
    let Subject { semconv, method, scheme, .. } = subject;
    let find = |series: &RefCell<ThreadSeries>| {
        let mut series = series.try_borrow_mut().ok()?;
        let series = series.for_instruments(instruments);
        let is_this = |((by, of, over), _): &&((_, &str, &str), _)| {
            *by == semconv && std::ptr::eq(*of, method) && std::ptr::eq(*over, scheme)
        };
        if let Some((_, active)) = series.active.iter().find(is_this) {
            return Some(Arc::clone(active));
        }
        if series.active.len() >= MAX_SERIES {
            return None;
        }
        let active = Arc::new(instruments.active_requests.bind(&subject.active()));
        series.active.push(((semconv, method, scheme), Arc::clone(&active)));
        Some(active)
    };
    SERIES.try_with(find).ok().flatten()
}

impl BoundInstruments {
    fn new(instruments: &Instruments, subject: Subject, outcome: &Outcome<'_>) -> Self {
        let Instruments { duration, old_duration, request_body_size, response_body_size, .. } = instruments;
        let stable = subject.is_stable().then(|| subject.stable(outcome));
        let stable = stable.as_deref();
        Self {
            duration: stable.map(|attributes| duration.bind(attributes)),
            old_duration: subject.is_old().then(|| old_duration.bind(&subject.old(outcome))),
            request_body_size: stable
                .filter(|_| outcome.request_body.is_some())
                .map(|attributes| request_body_size.bind(attributes)),
            response_body_size: stable
                .filter(|_| outcome.response_body.is_some())
                .map(|attributes| response_body_size.bind(attributes)),
            _route: outcome.route.cloned(),
        }
    }

    fn record(&self, outcome: &Outcome<'_>) {
        if let Some(duration) = &self.duration {
            duration.record(outcome.duration.as_secs_f64());
        }
        if let Some(duration) = &self.old_duration {
            duration.record(outcome.duration.as_secs_f64() * 1e3);
        }
        if let (Some(size), Some(bytes)) = (&self.request_body_size, outcome.request_body) {
            size.record(bytes);
        }
        if let (Some(size), Some(bytes)) = (&self.response_body_size, outcome.response_body) {
            size.record(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::RequestMetrics;
    use super::*;
    use crate::http::RequestFacts;
    use crate::http::attributes::tests::SEED;
    use crate::http::method::RequestMethod;
    use crate::http::settings::{HttpSettings, interned};
    use opentelemetry::Context;
    use opentelemetry::metrics::MeterProvider as _;
    use opentelemetry_sdk::metrics::data::{AggregatedMetrics, HistogramDataPoint, MetricData, ScopeMetrics};
    use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
    use std::time::Duration;

    #[test]
    fn layers_with_other_conventions_have_series_of_their_own() {
        let exporter = InMemoryMetricExporter::default();
        let provider =
            SdkMeterProvider::builder().with_reader(PeriodicReader::builder(exporter.clone()).build()).build();
        let instruments = Arc::new(Instruments::of(&provider.meter("test"), true));
        // Without a route and with an unknown method, the series differ in their conventions alone.
        let facts = RequestFacts { method: "ODD", ..SEED };
        let layers = [SemconvMode::Stable, SemconvMode::Old]
            .map(|semconv| interned(HttpSettings { semconv, ..HttpSettings::default() }));
        let [_, old] = layers;
        for settings in layers.into_iter().chain(layers).chain([old]) {
            let method = RequestMethod::classify(facts.method, settings);
            let metrics = RequestMetrics::start(&instruments, &facts, method, settings);
            let outcome = Outcome {
                duration: Duration::from_millis(1),
                status: Some(200),
                route: None,
                error_type: None,
                labels: &[],
                request_body: None,
                response_body: None,
            };
            metrics.record(&outcome, &Context::new());
        }
        assert!(provider.force_flush().is_ok());
        let mut counts = Vec::new();
        for resource in exporter.get_finished_metrics().unwrap_or_default() {
            for metric in resource.scope_metrics().flat_map(ScopeMetrics::metrics) {
                if let AggregatedMetrics::F64(MetricData::Histogram(histogram)) = metric.data() {
                    let count: u64 = histogram.data_points().map(HistogramDataPoint::count).sum();
                    counts.push((metric.name().to_owned(), count));
                }
            }
        }
        counts.sort();
        let expected = [("http.server.duration", 3), ("http.server.request.duration", 2)];
        assert_eq!(counts, expected.map(|(name, count)| (name.to_owned(), count)));
    }
}
