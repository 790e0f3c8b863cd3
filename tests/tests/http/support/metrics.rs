//! The metrics of the process so far.

use super::PATIENCE;
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Instant;

pub(crate) struct Durations {
    pub(crate) sum: f64,
    pub(crate) count: u64,
    pub(crate) bounds: Vec<f64>,
    pub(crate) attributes: Vec<String>,
}

impl Durations {
    /// Value of an attribute.
    pub(crate) fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find_map(|attribute| attribute.strip_prefix(key)?.strip_prefix('='))
    }
}

/// Points of `http.server.request.duration` for a route.
pub(crate) fn durations_of(route: &str) -> Vec<Durations> {
    durations_with(&format!("http.route={route}"))
}

/// Points of `http.server.request.duration` for a method, once there are any.
pub(crate) fn wait_for_durations(method: &str) -> Vec<Durations> {
    wait_for(&format!("http.request.method={method}"))
}

/// The same for a route.
pub(crate) fn wait_for_durations_of(route: &str) -> Vec<Durations> {
    wait_for(&format!("http.route={route}"))
}

fn wait_for(attribute: &str) -> Vec<Durations> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let durations = durations_with(attribute);
        if !durations.is_empty() {
            return durations;
        }
        assert!(Instant::now() < deadline, "no duration with {attribute}");
        std::thread::yield_now();
    }
}

fn durations_with(attribute: &str) -> Vec<Durations> {
    let mut points = Vec::new();
    each_metric("http.server.request.duration", |metric| {
        let AggregatedMetrics::F64(MetricData::Histogram(histogram)) = metric else { panic!("a histogram") };
        points = histogram
            .data_points()
            .map(|point| Durations {
                sum: point.sum(),
                count: point.count(),
                bounds: point.bounds().collect(),
                attributes: sorted(point.attributes()),
            })
            .filter(|point| point.attributes.iter().any(|other| other == attribute))
            .collect();
    });
    points
}

/// Waits until `expected` requests with this method are active.
pub(crate) fn wait_for_active(method: &str, expected: i64) {
    let wanted = format!("http.request.method={method}");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut active = None;
        each_metric("http.server.active_requests", |metric| {
            let AggregatedMetrics::I64(MetricData::Sum(sum)) = metric else { panic!("a sum") };
            assert!(!sum.is_monotonic());
            active = sum
                .data_points()
                .find(|point| sorted(point.attributes()).contains(&wanted))
                .map(opentelemetry_sdk::metrics::data::SumDataPoint::value);
        });
        if active == Some(expected) {
            return;
        }
        assert!(Instant::now() < deadline, "{active:?} active, not {expected}");
        std::thread::yield_now();
    }
}

fn sorted<'a>(attributes: impl Iterator<Item = &'a KeyValue>) -> Vec<String> {
    let mut attributes: Vec<_> = attributes.map(|kv| format!("{}={}", kv.key, kv.value)).collect();
    attributes.sort();
    attributes
}

/// The newest state of one metric.
fn each_metric(name: &str, mut read: impl FnMut(&AggregatedMetrics)) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let (provider, exporter) = &*METRICS;
    // A failing test must not break the others.
    let _lock = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    exporter.reset();
    provider.force_flush().unwrap();
    for resource in exporter.get_finished_metrics().unwrap() {
        for scope_metrics in resource.scope_metrics() {
            for metric in scope_metrics.metrics().filter(|metric| metric.name() == name) {
                assert_eq!(
                    scope_metrics.scope().schema_url(),
                    Some("https://opentelemetry.io/schemas/1.44.0"),
                    "{name}"
                );
                read(metric.data());
            }
        }
    }
}

pub(super) static METRICS: LazyLock<(SdkMeterProvider, InMemoryMetricExporter)> = LazyLock::new(|| {
    let exporter = InMemoryMetricExporter::default();
    let provider = SdkMeterProvider::builder().with_reader(PeriodicReader::builder(exporter.clone()).build()).build();
    global::set_meter_provider(provider.clone());
    (provider, exporter)
});
