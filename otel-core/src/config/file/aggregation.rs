//! `aggregation`, in the stream of a view

use opentelemetry_sdk::metrics::Aggregation;

use super::node::{LocatedNode, ScalarValue};
use super::reader::Reader;
use super::section::Section;

/// The boundaries of buckets that the
/// [specification](https://opentelemetry.io/docs/specs/otel/metrics/sdk/#explicit-bucket-histogram-aggregation) has.
const BOUNDARIES: [f64; 15] =
    [0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0, 10000.0];

/// Reads a mapping with one key. `None` is the default of the instrument's kind.
pub(super) fn aggregation(reader: &mut Reader<'_>, place: &LocatedNode<'_>) -> Option<Aggregation> {
    if place.node.is_null() {
        return None;
    }
    let (kind, place) = reader.choice(place)?;
    let mut section = reader.component(&place);
    let aggregation = match kind {
        "default" => None,
        "drop" => Some(Aggregation::Drop),
        "sum" => Some(Aggregation::Sum),
        "last_value" => Some(Aggregation::LastValue),
        "explicit_bucket_histogram" => Some(Aggregation::ExplicitBucketHistogram {
            boundaries: boundaries(reader, &mut section).unwrap_or_else(|| BOUNDARIES.to_vec()),
            record_min_max: record_min_max(reader, &mut section),
        }),
        "base2_exponential_bucket_histogram" => Some(Aggregation::Base2ExponentialHistogram {
            max_size: section.number(reader, "max_size", 2..=1_000_000, "160").unwrap_or(160),
            max_scale: section.number(reader, "max_scale", -10..=20, "20").unwrap_or(20),
            record_min_max: record_min_max(reader, &mut section),
        }),
        _ => {
            let reason = "expected one of default, drop, explicit_bucket_histogram, \
                          base2_exponential_bucket_histogram, last_value, sum";
            reader.report(&place, "", reason, "the default aggregation");
            return None;
        }
    };
    section.end(reader);
    aggregation
}

/// Reads a list of numbers. An empty list is one bucket.
fn boundaries(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<Vec<f64>> {
    let place = section.get("boundaries").filter(|place| !place.node.is_null())?;
    let items = reader.items(&place);
    let numbers = items.iter().map(|item| match reader.scalar(item)?.value {
        ScalarValue::Float(number) => Some(number),
        // By its text, because no conversion to `f64` is free of loss; exact up to 2^53.
        ScalarValue::Integer(number) => number.to_string().parse().ok(),
        _ => None,
    });
    let numbers: Option<Vec<f64>> = numbers.collect();
    if numbers.is_none() {
        reader.report(&place, "", "expected numbers", "the default boundaries");
    }
    numbers
}

fn record_min_max(reader: &mut Reader<'_>, section: &mut Section<'_>) -> bool {
    section.one_of(reader, "record_min_max", &[("true", true), ("false", false)]).unwrap_or(true)
}
