//! The JSON layout of data points.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::data::{
    Exemplar, ExponentialBucket, ExponentialHistogramDataPoint, GaugeDataPoint, HistogramDataPoint, SumDataPoint,
};
use serde::Serialize;

use super::value::{Double, JsonAttributes};

/// The start and the end of the measurements.
pub(super) type Times = (Option<SystemTime>, SystemTime);

/// A value of an instrument, of any type.
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
pub(super) enum PointValue {
    Double(Double),
    Unsigned(u64),
    Signed(i64),
}

impl From<f64> for PointValue {
    fn from(value: f64) -> Self {
        Self::Double(Double(value))
    }
}

impl From<u64> for PointValue {
    fn from(value: u64) -> Self {
        Self::Unsigned(value)
    }
}

impl From<i64> for PointValue {
    fn from(value: i64) -> Self {
        Self::Signed(value)
    }
}

/// A data point as the SDK for Python prints it. Its attributes come first, its value in the middle.
#[derive(Serialize)]
pub(super) struct PointView<'a> {
    attributes: JsonAttributes<Vec<&'a KeyValue>>,
    start_time_unix_nano: Option<u64>,
    time_unix_nano: u64,
    #[serde(flatten)]
    value: ValueView,
    exemplars: Vec<ExemplarView<'a>>,
}

/// The value of a point, whose fields stand beside those of the point itself.
#[derive(Serialize)]
#[serde(untagged)]
enum ValueView {
    Number {
        value: PointValue,
    },
    Histogram {
        count: u64,
        sum: PointValue,
        bucket_counts: Vec<u64>,
        explicit_bounds: Vec<Double>,
        min: Option<PointValue>,
        max: Option<PointValue>,
    },
    Exponential {
        count: usize,
        sum: PointValue,
        scale: i8,
        zero_count: u64,
        positive: BucketsView,
        negative: BucketsView,
        min: Option<PointValue>,
        max: Option<PointValue>,
    },
}

/// Buckets of an exponential histogram: the index of the first one, and the counts from there.
#[derive(Serialize)]
struct BucketsView {
    offset: i32,
    bucket_counts: Vec<u64>,
}

impl From<&ExponentialBucket> for BucketsView {
    fn from(buckets: &ExponentialBucket) -> Self {
        Self { offset: buckets.offset(), bucket_counts: buckets.counts().collect() }
    }
}

/// A measurement with the span in which it was made; ids are hexadecimal, as in the JSON of spans.
#[derive(Serialize)]
struct ExemplarView<'a> {
    filtered_attributes: JsonAttributes<Vec<&'a KeyValue>>,
    value: PointValue,
    time_unix_nano: u64,
    span_id: String,
    trace_id: String,
}

impl<'a> PointView<'a> {
    pub(super) fn gauge<T: Copy + Into<PointValue>>(point: &'a GaugeDataPoint<T>, times: Times) -> Self {
        let value = ValueView::Number { value: point.value().into() };
        Self::new(point.attributes(), times, value, point.exemplars())
    }

    pub(super) fn sum<T: Copy + Into<PointValue>>(point: &'a SumDataPoint<T>, times: Times) -> Self {
        let value = ValueView::Number { value: point.value().into() };
        Self::new(point.attributes(), times, value, point.exemplars())
    }

    pub(super) fn histogram<T: Copy + Into<PointValue>>(point: &'a HistogramDataPoint<T>, times: Times) -> Self {
        let value = ValueView::Histogram {
            count: point.count(),
            sum: point.sum().into(),
            bucket_counts: point.bucket_counts().collect(),
            explicit_bounds: point.bounds().map(Double).collect(),
            min: point.min().map(Into::into),
            max: point.max().map(Into::into),
        };
        Self::new(point.attributes(), times, value, point.exemplars())
    }

    pub(super) fn exponential<T: Copy + Into<PointValue>>(
        point: &'a ExponentialHistogramDataPoint<T>,
        times: Times,
    ) -> Self {
        let value = ValueView::Exponential {
            count: point.count(),
            sum: point.sum().into(),
            scale: point.scale(),
            zero_count: point.zero_count(),
            positive: point.positive_bucket().into(),
            negative: point.negative_bucket().into(),
            min: point.min().map(Into::into),
            max: point.max().map(Into::into),
        };
        Self::new(point.attributes(), times, value, point.exemplars())
    }

    fn new<T: Copy + Into<PointValue> + 'a>(
        attributes: impl Iterator<Item = &'a KeyValue>,
        (start, end): Times,
        value: ValueView,
        exemplars: impl Iterator<Item = &'a Exemplar<T>>,
    ) -> Self {
        Self {
            attributes: JsonAttributes(attributes.collect()),
            start_time_unix_nano: start.map(nanos),
            time_unix_nano: nanos(end),
            value,
            exemplars: exemplars.map(ExemplarView::new).collect(),
        }
    }
}

impl<'a> ExemplarView<'a> {
    fn new<T: Copy + Into<PointValue>>(exemplar: &'a Exemplar<T>) -> Self {
        Self {
            filtered_attributes: JsonAttributes(exemplar.filtered_attributes().collect()),
            value: exemplar.value.into(),
            time_unix_nano: nanos(exemplar.time()),
            span_id: format!("0x{:016x}", u64::from_be_bytes(*exemplar.span_id())),
            trace_id: format!("0x{:032x}", u128::from_be_bytes(*exemplar.trace_id())),
        }
    }
}

/// Nanoseconds since the epoch. A time before the epoch, from a wrong clock, counts as the epoch.
fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
