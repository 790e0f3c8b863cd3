//! Metrics of one trace, for tests.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use opentelemetry::{InstrumentationScope, KeyValue, Value};

/// One call of an instrument.
#[derive(Clone, Debug)]
pub(super) struct Measurement {
    pub(super) instrument: Arc<Instrument>,
    pub(super) attributes: Vec<KeyValue>,
    pub(super) value: f64,
}

/// An instrument as it was created.
#[derive(Debug)]
pub(super) struct Instrument {
    pub(super) name: Cow<'static, str>,
    pub(super) description: Cow<'static, str>,
    pub(super) unit: Cow<'static, str>,
    pub(super) kind: MetricKind,
    pub(super) scope: InstrumentationScope,
}

/// The measurements of one instrument in a trace.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Metric {
    /// Name of the instrument.
    pub name: Cow<'static, str>,
    /// The description; empty if there is none.
    pub description: Cow<'static, str>,
    /// The unit; empty if there is none.
    pub unit: Cow<'static, str>,
    /// The kind of the instrument.
    pub kind: MetricKind,
    /// The scope of the meter.
    pub scope: InstrumentationScope,
    /// One for each set of attributes.
    pub points: Vec<Point>,
}

/// The kinds of instruments whose measurements belong to a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricKind {
    /// A number that rises only.
    Counter,
    /// A number that rises and falls.
    UpDownCounter,
    /// Counts measurements by their size.
    Histogram,
    /// Holds the last measurement.
    Gauge,
}

/// The measurements with one set of attributes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Point {
    /// Sorted by key.
    pub attributes: Vec<KeyValue>,
    /// The values in the order of the calls. Integers are exact up to 2^53.
    pub values: Vec<f64>,
}

impl Metric {
    /// Groups measurements by instrument and by attributes, in the order in which these first occur.
    pub(super) fn of(measurements: &[Measurement]) -> Vec<Self> {
        let mut metrics: Vec<Self> = Vec::new();
        for Measurement { instrument, attributes, value } in measurements {
            let of_same = |metric: &Self| {
                (&metric.name, &metric.unit, metric.kind, &metric.scope)
                    == (&instrument.name, &instrument.unit, instrument.kind, &instrument.scope)
            };
            let index = metrics.iter().position(of_same).unwrap_or_else(|| {
                metrics.push(Self::new(instrument));
                metrics.len() - 1
            });
            if let Some(metric) = metrics.get_mut(index) {
                metric.add(attributes, *value);
            }
        }
        metrics
    }

    fn new(instrument: &Instrument) -> Self {
        Self {
            name: instrument.name.clone(),
            description: instrument.description.clone(),
            unit: instrument.unit.clone(),
            kind: instrument.kind,
            scope: instrument.scope.clone(),
            points: Vec::new(),
        }
    }

    fn add(&mut self, attributes: &[KeyValue], value: f64) {
        let mut attributes = attributes.to_vec();
        attributes.sort_by(|one, other| one.key.cmp(&other.key));
        match self.points.iter_mut().find(|point| point.attributes == attributes) {
            Some(point) => point.values.push(value),
            None => self.points.push(Point { attributes, values: vec![value] }),
        }
    }
}

impl Point {
    /// The number of measurements.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.len()
    }

    /// The sum of the measurements.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.values.iter().sum()
    }

    /// The last measurement.
    #[must_use]
    pub fn last(&self) -> Option<f64> {
        self.values.last().copied()
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        self.attributes.iter().find(|attribute| attribute.key.as_str() == key).map(|attribute| &attribute.value)
    }
}

/// Name, kind and unit on one line, then a line for each point: its attributes, and the number of measurements of a
/// histogram, the sum of a counter, or the last value of a gauge. The text is the same in each run, unless the
/// application's measurements differ.
impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.unit.is_empty() { String::new() } else { format!(", {}", self.unit) };
        writeln!(f, "{} [{:?}{unit}]", self.name, self.kind)?;
        for point in &self.points {
            f.write_str(" ")?;
            point.attributes.iter().try_for_each(|KeyValue { key, value, .. }| write!(f, " {key}={value}"))?;
            f.write_str(if point.attributes.is_empty() { " " } else { ": " })?;
            match self.kind {
                MetricKind::Histogram => writeln!(f, "{} measured", point.count())?,
                MetricKind::Counter | MetricKind::UpDownCounter => writeln!(f, "{}", point.sum())?,
                MetricKind::Gauge => writeln!(f, "{}", point.last().unwrap_or_default())?,
            }
        }
        Ok(())
    }
}
