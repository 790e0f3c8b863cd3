//! The JSON layout of an export of metrics, as `MetricsData.to_json` prints it in Python.

use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics};
use serde::Serialize;

use super::point_view::{PointValue, PointView};
use super::resource::{ResourceAttributes, ResourceView};
use super::value::JsonAttributes;

/// The whole export. One process has one resource, so the list has one member.
#[derive(Serialize)]
pub(super) struct MetricsView<'a> {
    resource_metrics: [ResourceMetricsView<'a>; 1],
}

impl<'a> MetricsView<'a> {
    pub(super) fn new(metrics: &'a ResourceMetrics, resource: &'a ResourceAttributes) -> Self {
        let scope_metrics = metrics.scope_metrics().map(ScopeMetricsView::new).collect();
        let resource_metrics =
            ResourceMetricsView { resource: resource.view(), scope_metrics, schema_url: resource.schema_url() };
        Self { resource_metrics: [resource_metrics] }
    }
}

/// The metrics of a resource, by scope.
#[derive(Serialize)]
struct ResourceMetricsView<'a> {
    resource: ResourceView<'a>,
    scope_metrics: Vec<ScopeMetricsView<'a>>,
    schema_url: &'a str,
}

/// The metrics of an instrumentation scope.
#[derive(Serialize)]
struct ScopeMetricsView<'a> {
    scope: ScopeView<'a>,
    metrics: Vec<MetricDocument<'a>>,
    schema_url: &'a str,
}

impl<'a> ScopeMetricsView<'a> {
    fn new(scope: &'a ScopeMetrics) -> Self {
        Self {
            scope: ScopeView::new(scope.scope()),
            metrics: scope.metrics().map(MetricDocument::new).collect(),
            schema_url: scope.scope().schema_url().unwrap_or_default(),
        }
    }
}

/// An instrumentation scope; missing texts are empty.
#[derive(Serialize)]
struct ScopeView<'a> {
    name: &'a str,
    version: &'a str,
    schema_url: &'a str,
    attributes: JsonAttributes<Vec<&'a KeyValue>>,
}

impl<'a> ScopeView<'a> {
    fn new(scope: &'a InstrumentationScope) -> Self {
        Self {
            name: scope.name(),
            version: scope.version().unwrap_or_default(),
            schema_url: scope.schema_url().unwrap_or_default(),
            attributes: JsonAttributes(scope.attributes().collect()),
        }
    }
}

/// One metric. Its data has the same keys for every type of number.
#[derive(Serialize)]
struct MetricDocument<'a> {
    name: &'a str,
    description: &'a str,
    unit: &'a str,
    data: DataView<'a>,
}

impl<'a> MetricDocument<'a> {
    fn new(metric: &'a Metric) -> Self {
        let data = match metric.data() {
            AggregatedMetrics::F64(data) => DataView::new(data),
            AggregatedMetrics::U64(data) => DataView::new(data),
            AggregatedMetrics::I64(data) => DataView::new(data),
        };
        Self { name: metric.name(), description: metric.description(), unit: metric.unit(), data }
    }
}

/// The data of a metric. Gauges have neither temporality nor direction, histograms have no direction.
#[derive(Serialize)]
struct DataView<'a> {
    data_points: Vec<PointView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aggregation_temporality: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_monotonic: Option<bool>,
}

impl<'a> DataView<'a> {
    fn new<T: Copy + Into<PointValue>>(data: &'a MetricData<T>) -> Self {
        match data {
            MetricData::Gauge(gauge) => {
                let times = (gauge.start_time(), gauge.time());
                let data_points = gauge.data_points().map(|point| PointView::gauge(point, times)).collect();
                Self { data_points, aggregation_temporality: None, is_monotonic: None }
            }
            MetricData::Sum(sum) => {
                let times = (Some(sum.start_time()), sum.time());
                Self {
                    data_points: sum.data_points().map(|point| PointView::sum(point, times)).collect(),
                    aggregation_temporality: Some(number(sum.temporality())),
                    is_monotonic: Some(sum.is_monotonic()),
                }
            }
            MetricData::Histogram(histogram) => {
                let times = (Some(histogram.start_time()), histogram.time());
                Self {
                    data_points: histogram.data_points().map(|point| PointView::histogram(point, times)).collect(),
                    aggregation_temporality: Some(number(histogram.temporality())),
                    is_monotonic: None,
                }
            }
            MetricData::ExponentialHistogram(histogram) => {
                let times = (Some(histogram.start_time()), histogram.time());
                Self {
                    data_points: histogram.data_points().map(|point| PointView::exponential(point, times)).collect(),
                    aggregation_temporality: Some(number(histogram.temporality())),
                    is_monotonic: None,
                }
            }
        }
    }
}

/// The number of a temporality
/// [in OTLP](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto).
fn number(temporality: Temporality) -> u8 {
    match temporality {
        Temporality::Delta => 1,
        Temporality::Cumulative => 2,
        _ => 0,
    }
}
