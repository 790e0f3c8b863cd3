//! Metrics: an `ExportMetricsServiceRequest` message
//! ([definition](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto)).

use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Exemplar, ExponentialBucket, ExponentialHistogram, Gauge, Histogram, Metric, MetricData,
    ResourceMetrics, Sum,
};

use super::request::{instrumentation_scope, resource_fields};
use super::{value, wire};
use crate::clock::Timestamp;

/// Returns the message that carries `metrics`.
pub(super) fn encode(metrics: &ResourceMetrics) -> Vec<u8> {
    let mut out = Vec::new();
    wire::message(&mut out, 1, |out| {
        resource_fields(out, metrics.resource(), |out| {
            for scope_metrics in metrics.scope_metrics() {
                let scope = scope_metrics.scope();
                wire::message(out, 2, |out| {
                    wire::message(out, 1, |out| instrumentation_scope(out, scope.name(), scope));
                    for metric in scope_metrics.metrics() {
                        wire::message(out, 2, |out| write(out, metric));
                    }
                    wire::text(out, 3, scope.schema_url().unwrap_or_default());
                });
            }
        });
    });
    out
}

/// Writes a `Metric`.
fn write(out: &mut Vec<u8>, metric: &Metric) {
    wire::text(out, 1, metric.name());
    wire::text(out, 2, metric.description());
    wire::text(out, 3, metric.unit());
    match metric.data() {
        AggregatedMetrics::F64(data) => data_points(out, data),
        AggregatedMetrics::I64(data) => data_points(out, data),
        AggregatedMetrics::U64(data) => data_points(out, data),
    }
}

/// Writes the field of a metric that holds its data: it has one field per kind of data.
fn data_points<N: Number>(out: &mut Vec<u8>, data: &MetricData<N>) {
    match data {
        MetricData::Gauge(gauge) => wire::message(out, 5, |out| write_gauge(out, gauge)),
        MetricData::Sum(sum) => wire::message(out, 7, |out| write_sum(out, sum)),
        MetricData::Histogram(histogram) => wire::message(out, 9, |out| write_histogram(out, histogram)),
        MetricData::ExponentialHistogram(histogram) => wire::message(out, 10, |out| write_exponential(out, histogram)),
    }
}

fn write_gauge<N: Number>(out: &mut Vec<u8>, gauge: &Gauge<N>) {
    let times = PointTimes { start: gauge.start_time(), end: gauge.time() };
    for point in gauge.data_points() {
        number_point(out, times, point.value(), point.attributes(), point.exemplars());
    }
}

fn write_sum<N: Number>(out: &mut Vec<u8>, sum: &Sum<N>) {
    let times = PointTimes { start: Some(sum.start_time()), end: sum.time() };
    for point in sum.data_points() {
        number_point(out, times, point.value(), point.attributes(), point.exemplars());
    }
    wire::number(out, 2, temporality(sum.temporality()));
    wire::number(out, 3, u32::from(sum.is_monotonic()));
}

/// Writes a `NumberDataPoint`, of a gauge or a sum.
fn number_point<'a, N: Number + 'a>(
    out: &mut Vec<u8>,
    times: PointTimes,
    number: N,
    attributes: impl Iterator<Item = &'a KeyValue>,
    exemplars: impl Iterator<Item = &'a Exemplar<N>>,
) {
    wire::message(out, 1, |out| {
        times.write(out);
        number.write(out, 4);
        write_exemplars(out, 5, exemplars);
        value::attributes(out, 7, attributes, None);
    });
}

/// Writes a `Histogram`. Each point has one more count than it has bounds.
fn write_histogram<N: Number>(out: &mut Vec<u8>, histogram: &Histogram<N>) {
    let times = PointTimes { start: Some(histogram.start_time()), end: histogram.time() };
    for point in histogram.data_points() {
        wire::message(out, 1, |out| {
            times.write(out);
            wire::fixed64(out, 4, point.count());
            wire::double(out, 5, point.sum().as_f64());
            wire::packed(out, 6, point.bucket_counts().map(u64::to_le_bytes));
            wire::packed(out, 7, point.bounds().map(f64::to_le_bytes));
            write_exemplars(out, 8, point.exemplars());
            value::attributes(out, 9, point.attributes(), None);
            optional_double(out, 11, point.min());
            optional_double(out, 12, point.max());
        });
    }
    wire::number(out, 2, temporality(histogram.temporality()));
}

/// Writes an `ExponentialHistogram`
/// ([data model](https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram)).
fn write_exponential<N: Number>(out: &mut Vec<u8>, histogram: &ExponentialHistogram<N>) {
    let times = PointTimes { start: Some(histogram.start_time()), end: histogram.time() };
    for point in histogram.data_points() {
        wire::message(out, 1, |out| {
            value::attributes(out, 1, point.attributes(), None);
            times.write(out);
            wire::fixed64(out, 4, point.count() as u64);
            wire::double(out, 5, point.sum().as_f64());
            wire::zigzag(out, 6, i32::from(point.scale()));
            wire::fixed64(out, 7, point.zero_count());
            wire::message(out, 8, |out| write_buckets(out, point.positive_bucket()));
            wire::message(out, 9, |out| write_buckets(out, point.negative_bucket()));
            write_exemplars(out, 11, point.exemplars());
            optional_double(out, 12, point.min());
            optional_double(out, 13, point.max());
            if point.zero_threshold() != 0.0 {
                wire::double(out, 14, point.zero_threshold());
            }
        });
    }
    wire::number(out, 2, temporality(histogram.temporality()));
}

/// Writes `Buckets`: the index of the first one, and the counts from there.
fn write_buckets(out: &mut Vec<u8>, buckets: &ExponentialBucket) {
    wire::zigzag(out, 1, buckets.offset());
    wire::message(out, 2, |out| buckets.counts().for_each(|count| wire::varint(out, count)));
}

fn optional_double<N: Number>(out: &mut Vec<u8>, field: u8, number: Option<N>) {
    if let Some(number) = number {
        wire::double(out, field, number.as_f64());
    }
}

/// Writes `Exemplar`s: measurements with the span in which they were made.
fn write_exemplars<'a, N: Number + 'a>(out: &mut Vec<u8>, field: u8, exemplars: impl Iterator<Item = &'a Exemplar<N>>) {
    for exemplar in exemplars {
        wire::message(out, field, |out| {
            wire::fixed64(out, 2, nanos(exemplar.time()));
            exemplar.value.write(out, 3);
            wire::bytes(out, 4, exemplar.span_id());
            wire::bytes(out, 5, exemplar.trace_id());
            value::attributes(out, 7, exemplar.filtered_attributes(), None);
        });
    }
}

/// The number of `DELTA` or `CUMULATIVE`.
fn temporality(temporality: Temporality) -> u32 {
    if temporality == Temporality::Delta { 1 } else { 2 }
}

/// Nanoseconds since the epoch.
fn nanos(time: SystemTime) -> u64 {
    Timestamp::from(time).unix_nanos()
}

/// The start and the end of a point.
#[derive(Clone, Copy)]
struct PointTimes {
    start: Option<SystemTime>,
    end: SystemTime,
}

impl PointTimes {
    fn write(self, out: &mut Vec<u8>) {
        wire::fixed64(out, 2, self.start.map_or(0, nanos));
        wire::fixed64(out, 3, nanos(self.end));
    }
}

/// A number that instruments measure in.
trait Number: Copy {
    fn as_f64(self) -> f64;

    /// Writes the number into the field of its type: doubles have this field number, integers have 6.
    fn write(self, out: &mut Vec<u8>, double: u8);
}

impl Number for f64 {
    fn as_f64(self) -> f64 {
        self
    }

    fn write(self, out: &mut Vec<u8>, double: u8) {
        wire::double(out, double, self);
    }
}

impl Number for i64 {
    #[expect(clippy::cast_precision_loss, reason = "OTLP has sums of histograms as doubles only")]
    fn as_f64(self) -> f64 {
        self as f64
    }

    fn write(self, out: &mut Vec<u8>, _: u8) {
        wire::present_fixed64(out, 6, self.cast_unsigned());
    }
}

impl Number for u64 {
    #[expect(clippy::cast_precision_loss, reason = "OTLP has sums of histograms as doubles only")]
    fn as_f64(self) -> f64 {
        self as f64
    }

    /// OTLP has signed integers only.
    fn write(self, out: &mut Vec<u8>, double: u8) {
        i64::try_from(self).unwrap_or(i64::MAX).write(out, double);
    }
}
