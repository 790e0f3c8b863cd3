//! Data points as JSON. The attributes of a point come first, its value in the middle.

use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::data::{
    Exemplar, ExponentialBucket, ExponentialHistogramDataPoint, GaugeDataPoint, HistogramDataPoint, SumDataPoint,
};

use super::attribute_json;
use super::json_value::{Json, JsonField};
use crate::clock::Timestamp;

/// The start and the end of the measurements.
pub(super) type Times = (Option<SystemTime>, SystemTime);

/// A type of measurements.
pub(super) trait JsonNumber: Copy + Into<Json<'static>> {}

impl<T: Copy + Into<Json<'static>>> JsonNumber for T {}

pub(super) fn gauge<T: JsonNumber>(of: &GaugeDataPoint<T>, times: Times) -> Json<'_> {
    let value = vec![("value", of.value().into())];
    point(&mut of.attributes(), times, value, Json::list(of.exemplars().map(exemplar)))
}

pub(super) fn sum<T: JsonNumber>(of: &SumDataPoint<T>, times: Times) -> Json<'_> {
    let value = vec![("value", of.value().into())];
    point(&mut of.attributes(), times, value, Json::list(of.exemplars().map(exemplar)))
}

pub(super) fn histogram<T: JsonNumber>(of: &HistogramDataPoint<T>, times: Times) -> Json<'_> {
    let value = vec![
        ("count", of.count().into()),
        ("sum", of.sum().into()),
        ("bucket_counts", Json::list(of.bucket_counts().map(Json::from))),
        ("explicit_bounds", Json::list(of.bounds().map(Json::from))),
        ("min", of.min().map(Into::into).into()),
        ("max", of.max().map(Into::into).into()),
    ];
    point(&mut of.attributes(), times, value, Json::list(of.exemplars().map(exemplar)))
}

pub(super) fn exponential<T: JsonNumber>(of: &ExponentialHistogramDataPoint<T>, times: Times) -> Json<'_> {
    let value = vec![
        ("count", (of.count() as u64).into()),
        ("sum", of.sum().into()),
        ("scale", i64::from(of.scale()).into()),
        ("zero_count", of.zero_count().into()),
        ("positive", buckets(of.positive_bucket())),
        ("negative", buckets(of.negative_bucket())),
        ("min", of.min().map(Into::into).into()),
        ("max", of.max().map(Into::into).into()),
    ];
    point(&mut of.attributes(), times, value, Json::list(of.exemplars().map(exemplar)))
}

/// A data point as the SDK for Python prints it.
fn point<'a>(
    attributes: &mut dyn Iterator<Item = &'a KeyValue>,
    (start, end): Times,
    value: Vec<JsonField<'a>>,
    exemplars: Json<'a>,
) -> Json<'a> {
    let mut fields = vec![
        ("attributes", attribute_json::object(attributes)),
        ("start_time_unix_nano", start.map(nanos).into()),
        ("time_unix_nano", nanos(end).into()),
    ];
    fields.extend(value);
    fields.push(("exemplars", exemplars));
    Json::Object(fields)
}

/// Buckets of an exponential histogram: the index of the first one, and the counts from there.
fn buckets(buckets: &ExponentialBucket) -> Json<'_> {
    Json::Object(vec![
        ("offset", i64::from(buckets.offset()).into()),
        ("bucket_counts", Json::list(buckets.counts().map(Json::from))),
    ])
}

/// A measurement with the span in which it was made; ids are hexadecimal, as in the JSON of spans.
fn exemplar<T: JsonNumber>(exemplar: &Exemplar<T>) -> Json<'_> {
    Json::Object(vec![
        ("filtered_attributes", attribute_json::object(&mut exemplar.filtered_attributes())),
        ("value", exemplar.value.into()),
        ("time_unix_nano", nanos(exemplar.time()).into()),
        ("span_id", format!("0x{:016x}", u64::from_be_bytes(*exemplar.span_id())).into()),
        ("trace_id", format!("0x{:032x}", u128::from_be_bytes(*exemplar.trace_id())).into()),
    ])
}

fn nanos(time: SystemTime) -> u64 {
    Timestamp::from(time).unix_nanos()
}
