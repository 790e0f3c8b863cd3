//! Views of a configuration file.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use prost::Message as _;

use crate::collector::Collector;
use crate::config_file::{OK, file, run_with};
use crate::process::Outcome;

/// The metrics on standard output: `meter name` and the data.
fn metrics(outcome: &Outcome) -> Vec<(String, serde_json::Value)> {
    let exports = outcome.spans();
    let scopes = exports.iter().flat_map(|export| export["resource_metrics"][0]["scope_metrics"].as_array().unwrap());
    let mut metrics: Vec<_> = scopes
        .flat_map(|scope| {
            let meter = scope["scope"]["name"].as_str().unwrap();
            let metrics = scope["metrics"].as_array().unwrap().iter();
            metrics.map(move |metric| (format!("{meter} {}", metric["name"].as_str().unwrap()), metric.clone()))
        })
        .collect();
    metrics.sort_by(|(a, _), (b, _)| a.cmp(b));
    metrics
}

fn views_file(name: &str, views: &str, exporter: &str) -> String {
    let content = format!(
        "
file_format: '1.1'
meter_provider:
  readers: [{{periodic: {{exporter: {exporter}}}}}]
  views: {views}
"
    );
    file(name, &content)
}

#[test]
fn views_change_the_streams_of_the_instruments_that_they_select() {
    let views = "
    - selector: {instrument_name: Shop.Orders, meter_name: shop}
      stream: {name: orders, description: all of them, attribute_keys: {included: [kept, n], excluded: [n]}}
    - selector: {instrument_type: histogram, unit: By}
      stream: {aggregation: {explicit_bucket_histogram: {boundaries: [1, 20.5]}}, attribute_keys: {included: []}}
    - selector: {instrument_name: 'l?tenc*'}
      stream: {aggregation: {drop: }}";
    let outcome = run_with(&views_file("views", views, "{console: }"), "several_instruments", &[]);
    assert_eq!((outcome.messages("WARN"), outcome.success), (vec![], true), "{outcome:?}");
    let metrics = metrics(&outcome);
    let [(other, of_other), (renamed, orders), (size, sizes)] = &metrics[..] else { panic!("{metrics:?}") };
    assert_eq!([other, renamed, size], ["other shop.orders", "shop orders", "shop shop.order.size"]);
    assert_eq!(of_other["data"]["data_points"][0]["value"], 7);
    assert_eq!(orders["description"], "all of them");
    let [point] = &orders["data"]["data_points"].as_array().unwrap()[..] else { panic!("{orders}") };
    assert_eq!((&point["attributes"], &point["value"]), (&serde_json::json!({"kept": "yes"}), &4.into()));
    let [point] = &sizes["data"]["data_points"].as_array().unwrap()[..] else { panic!("{sizes}") };
    assert_eq!((&point["attributes"], &point["count"]), (&serde_json::json!({}), &4.into()));
    assert_eq!(point["explicit_bounds"], serde_json::json!([1.0, 20.5]));
    assert_eq!(point["bucket_counts"], serde_json::json!([0, 4, 0]));
}

/// Both the views and the default aggregation are views of the SDK: an instrument must not have two streams.
#[test]
fn views_beside_exponential_histograms() {
    let collector = Collector::answering(OK);
    let views = "
    - selector: {instrument_name: shop.order.size}
      stream: {aggregation_cardinality_limit: 2}
    - selector: {instrument_name: latency}
      stream: {aggregation: {sum: }}";
    let exporter = format!(
        "{{otlp_http: {{endpoint: '{}', default_histogram_aggregation: base2_exponential_bucket_histogram}}}}",
        collector.url()
    );
    let outcome = run_with(&views_file("exponential_views", views, &exporter), "several_instruments", &[]);
    assert_eq!((outcome.messages("WARN"), outcome.success), (vec![], true), "{outcome:?}");
    let decoded = ExportMetricsServiceRequest::decode(collector.next().body.as_slice()).unwrap();
    let metrics = decoded.resource_metrics[0].scope_metrics.iter().flat_map(|scope| &scope.metrics);
    let mut kinds: Vec<_> = metrics
        .map(|metric| match metric.data.as_ref().unwrap() {
            // Two combinations of attributes, and one data point for all others.
            Data::ExponentialHistogram(data) => (metric.name.as_str(), "exponential", data.data_points.len()),
            Data::Sum(data) => (metric.name.as_str(), "sum", data.data_points.len()),
            _ => (metric.name.as_str(), "other", 0),
        })
        .collect();
    kinds.sort_unstable();
    let expected = [
        ("latency", "sum", 1),
        ("shop.order.size", "exponential", 3),
        ("shop.orders", "sum", 1),
        ("shop.orders", "sum", 4),
    ];
    assert_eq!(kinds, expected);
}
