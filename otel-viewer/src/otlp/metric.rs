//! Durations of requests, from the histograms of the HTTP conventions.

use super::request::{attributes, integer, string};
use super::to_json::text;
use super::wire::{Fields, Wire, packed64};

/// `AGGREGATION_TEMPORALITY_DELTA`
const DELTA: u64 = 1;

/// The metric of the conventions, and its predecessor, which counts milliseconds.
const METRICS: [(&[u8], f64); 2] = [(b"http.server.request.duration", 1.0), (b"http.server.duration", 0.001)];

/// Requests of one method and one route that had the same outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct RouteKey {
    pub(crate) method: String,
    pub(crate) route: String,
    /// `true` for a status code of 500 and above, and for an `error.type`.
    pub(crate) is_error: bool,
    /// Any other attribute, in wire format, so that different series stay apart.
    pub(crate) series: Vec<u8>,
}

/// A data point of a histogram.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HistogramPoint {
    pub(crate) key: RouteKey,
    /// Nanoseconds since 1970.
    pub(crate) time: u64,
    pub(crate) count: u64,
    /// Seconds.
    pub(crate) sum: f64,
    pub(crate) buckets: Vec<u64>,
    /// Seconds.
    pub(crate) bounds: Vec<f64>,
    /// `true` if the point covers the time since the point before, not since the start.
    pub(crate) is_delta: bool,
}

/// The data points of a `Metric` message, if the metric is about durations of requests.
pub(crate) fn duration_points(metric: &[u8]) -> Vec<HistogramPoint> {
    let fields = || Fields::of(metric).filter_map(Result::ok);
    let name = fields().find(|(number, _)| *number == 1).map_or(&[][..], |(_, wire)| wire.bytes());
    let Some((_, second)) = METRICS.into_iter().find(|(known, _)| *known == name) else { return Vec::new() };
    let histogram = fields().find(|(number, _)| *number == 9).map_or(&[][..], |(_, wire)| wire.bytes());
    let fields = || Fields::of(histogram).filter_map(Result::ok);
    let is_delta = fields().any(|(number, wire)| number == 2 && wire.number() == DELTA);
    fields()
        .filter(|(number, _)| *number == 1)
        .map(|(_, point)| HistogramPoint { is_delta, ..HistogramPoint::read(point.bytes(), second) })
        .collect()
}

impl HistogramPoint {
    fn read(point: &[u8], second: f64) -> Self {
        let mut read = Self { key: RouteKey::read(point), ..Self::default() };
        for (number, wire) in Fields::of(point).filter_map(Result::ok) {
            match (number, wire) {
                (3, wire) => read.time = wire.number(),
                (4, wire) => read.count = wire.number(),
                (5, wire) => read.sum = f64::from_bits(wire.number()) * second,
                (6, Wire::Bytes(packed)) => read.buckets.extend(packed64(packed)),
                (6, wire) => read.buckets.push(wire.number()),
                (7, Wire::Bytes(packed)) => {
                    read.bounds.extend(packed64(packed).map(|bits| f64::from_bits(bits) * second));
                }
                (7, wire) => read.bounds.push(f64::from_bits(wire.number()) * second),
                _ => {}
            }
        }
        read
    }
}

impl RouteKey {
    fn read(point: &[u8]) -> Self {
        let mut key = Self::default();
        for (name, value) in attributes(point, 9) {
            match name {
                b"http.request.method" | b"http.method" => key.method = text(string(value)).into_owned(),
                b"http.route" => key.route = text(string(value)).into_owned(),
                b"http.response.status_code" | b"http.status_code" => {
                    key.is_error |= integer(value).is_some_and(|status| status >= 500);
                }
                b"error.type" => key.is_error = true,
                _ => {}
            }
            key.series.extend_from_slice(name);
            key.series.extend_from_slice(value);
        }
        key
    }
}
