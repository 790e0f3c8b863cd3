//! Rate, errors and durations per route, from the metrics.

#![expect(clippy::cast_precision_loss, reason = "what is shown has three digits")]

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::now;
use crate::otlp::{HistogramPoint, RouteKey};

/// The most series that are kept. The SDK keeps 2,000 per instrument.
const MOST: usize = 10_000;

/// The time over which rates are measured, in nanoseconds.
const WINDOW: u64 = 60_000_000_000;

/// The number of exports of one series that are kept for its rate.
const SAMPLES: usize = 64;

/// Durations of requests by service, method, route and outcome.
#[derive(Debug, Default)]
pub(super) struct Routes {
    series: HashMap<(String, RouteKey), Series>,
}

/// One time series of the histogram.
#[derive(Debug, Default)]
struct Series {
    /// Everything so far.
    total: HistogramPoint,
    /// Time and count of the last exports.
    samples: Vec<(u64, u64)>,
}

/// A row of the table.
#[derive(Debug, Default)]
struct Row {
    count: u64,
    errors: u64,
    /// Seconds.
    sum: f64,
    per_second: f64,
    buckets: Vec<u64>,
    bounds: Vec<f64>,
}

impl Routes {
    pub(super) fn add(&mut self, service: &str, points: Vec<HistogramPoint>) {
        for point in points {
            let key = (service.to_owned(), point.key.clone());
            if self.series.len() < MOST || self.series.contains_key(&key) {
                self.series.entry(key).or_default().add(point);
            }
        }
    }

    /// A row for each service, method and route.
    pub(super) fn to_json(&self) -> Value {
        let mut rows: BTreeMap<(&str, &str, &str), Row> = BTreeMap::new();
        let now = now();
        for ((service, key), series) in &self.series {
            rows.entry((service, &key.route, &key.method)).or_default().add(series, key.is_error, now);
        }
        let rows = rows.into_iter().map(|((service, route, method), row)| {
            json!({
                "service": service,
                "method": method,
                "route": route,
                "count": row.count,
                "errors": row.errors,
                "perSecond": row.per_second,
                "meanSeconds": row.sum / row.count.max(1) as f64,
                "p50Seconds": row.quantile(0.5),
                "p95Seconds": row.quantile(0.95),
            })
        });
        json!({ "routes": rows.collect::<Vec<_>>() })
    }
}

impl Series {
    fn add(&mut self, point: HistogramPoint) {
        if point.is_delta && self.total.bounds == point.bounds {
            self.total.count += point.count;
            self.total.sum += point.sum;
            self.total.buckets.iter_mut().zip(&point.buckets).for_each(|(total, more)| *total += more);
            self.total.time = point.time;
        } else {
            // A count that fell comes from a process that started again.
            if !point.is_delta && point.count < self.total.count {
                self.samples.clear();
            }
            self.total = point;
        }
        if self.samples.len() == SAMPLES {
            self.samples.remove(0);
        }
        self.samples.push((self.total.time, self.total.count));
    }

    /// Requests per second within the window; 0 if nothing arrived in it.
    fn per_second(&self, now: u64) -> f64 {
        let in_window = |(time, _): &&(u64, u64)| now.saturating_sub(*time) <= WINDOW;
        let (first, last) = (self.samples.iter().find(in_window), self.samples.last());
        match (first, last) {
            (Some((start, before)), Some((end, after))) if end > start => {
                (after - before) as f64 * 1e9 / (end - start) as f64
            }
            _ => 0.0,
        }
    }
}

impl Row {
    fn add(&mut self, series: &Series, is_error: bool, now: u64) {
        let total = &series.total;
        self.count += total.count;
        self.errors += if is_error { total.count } else { 0 };
        self.sum += total.sum;
        self.per_second += series.per_second(now);
        if self.bounds.is_empty() {
            self.bounds.clone_from(&total.bounds);
            self.buckets = vec![0; total.bounds.len() + 1];
        }
        if self.bounds == total.bounds {
            self.buckets.iter_mut().zip(&total.buckets).for_each(|(sum, more)| *sum += more);
        }
    }

    /// Interpolated within its bucket, as Prometheus does it. `None` without buckets.
    fn quantile(&self, quantile: f64) -> Option<f64> {
        let count: u64 = self.buckets.iter().sum();
        let wanted = quantile * count as f64;
        let mut below = 0;
        for (index, requests) in self.buckets.iter().enumerate() {
            if *requests > 0 && (below + requests) as f64 >= wanted {
                let lower = if index == 0 { 0.0 } else { *self.bounds.get(index - 1)? };
                // The last bucket has no upper bound.
                let upper = self.bounds.get(index).copied().unwrap_or(lower);
                return Some(lower + (upper - lower) * (wanted - below as f64) / *requests as f64);
            }
            below += requests;
        }
        None
    }
}
