//! An export of metrics as JSON, as `MetricsData.to_json` prints it in Python.

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics};

use super::attribute_json;
use super::json_value::Json;
use super::point_json::{JsonNumber, exponential, gauge, histogram, sum};

/// The whole export. One process has one resource, so the list has one member.
pub(super) fn metrics(metrics: &ResourceMetrics) -> Json<'_> {
    let resource_metrics = Json::Object(vec![
        ("resource", attribute_json::resource(metrics.resource())),
        ("scope_metrics", Json::list(metrics.scope_metrics().map(scope_metrics))),
        ("schema_url", attribute_json::schema_url(metrics.resource()).into()),
    ]);
    Json::Object(vec![("resource_metrics", Json::List(vec![resource_metrics]))])
}

fn scope_metrics(metrics: &ScopeMetrics) -> Json<'_> {
    Json::Object(vec![
        ("scope", scope(metrics.scope())),
        ("metrics", Json::list(metrics.metrics().map(metric))),
        ("schema_url", metrics.scope().schema_url().unwrap_or_default().into()),
    ])
}

/// An instrumentation scope; missing texts are empty.
fn scope(scope: &InstrumentationScope) -> Json<'_> {
    Json::Object(vec![
        ("name", scope.name().into()),
        ("version", scope.version().unwrap_or_default().into()),
        ("schema_url", scope.schema_url().unwrap_or_default().into()),
        ("attributes", attribute_json::object(&mut scope.attributes())),
    ])
}

fn metric(metric: &Metric) -> Json<'_> {
    let data = match metric.data() {
        AggregatedMetrics::F64(metric) => data(metric),
        AggregatedMetrics::U64(metric) => data(metric),
        AggregatedMetrics::I64(metric) => data(metric),
    };
    Json::Object(vec![
        ("name", metric.name().into()),
        ("description", metric.description().into()),
        ("unit", metric.unit().into()),
        ("data", data),
    ])
}

/// The data of a metric. Gauges have neither temporality nor direction, histograms have no direction.
fn data<T: JsonNumber>(data: &MetricData<T>) -> Json<'_> {
    let (data_points, temporality, is_monotonic) = match data {
        MetricData::Gauge(data) => {
            let times = (data.start_time(), data.time());
            (Json::list(data.data_points().map(|point| gauge(point, times))), None, None)
        }
        MetricData::Sum(data) => {
            let times = (Some(data.start_time()), data.time());
            let points = Json::list(data.data_points().map(|point| sum(point, times)));
            (points, Some(data.temporality()), Some(data.is_monotonic()))
        }
        MetricData::Histogram(data) => {
            let times = (Some(data.start_time()), data.time());
            (Json::list(data.data_points().map(|point| histogram(point, times))), Some(data.temporality()), None)
        }
        MetricData::ExponentialHistogram(data) => {
            let times = (Some(data.start_time()), data.time());
            (Json::list(data.data_points().map(|point| exponential(point, times))), Some(data.temporality()), None)
        }
    };
    let mut fields = vec![("data_points", data_points)];
    fields.extend(temporality.map(|temporality| ("aggregation_temporality", number(temporality).into())));
    fields.extend(is_monotonic.map(|is_monotonic| ("is_monotonic", is_monotonic.into())));
    Json::Object(fields)
}

/// The number of a temporality
/// [in OTLP](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto).
fn number(temporality: Temporality) -> u64 {
    match temporality {
        Temporality::Delta => 1,
        Temporality::Cumulative => 2,
        _ => 0,
    }
}
