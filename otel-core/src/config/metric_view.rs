//! Views: other streams for the metrics of selected instruments.

use opentelemetry::Key;
use opentelemetry_sdk::metrics::{Aggregation, Instrument, InstrumentKind, Stream};

use crate::http::Patterns;

/// The place of the views in a configuration file. No variable sets them.
pub(super) const KEY: &str = "meter_provider.views";

/// A view of a configuration file ([specification](https://opentelemetry.io/docs/specs/otel/metrics/sdk/#view)).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct MetricView {
    /// The instruments that have the stream.
    pub selector: ViewSelector,
    /// The stream in place of the instruments' own.
    pub stream: ViewStream,
}

/// The criteria of a view. An instrument has to meet all of them; without any, all instruments are selected.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ViewSelector {
    /// The name of the instrument, or a pattern of it, without regard to case.
    pub instrument_name: Option<Patterns>,
    /// The kind of the instrument.
    pub instrument_type: Option<InstrumentKind>,
    /// The unit of the instrument.
    pub unit: Option<String>,
    /// The name of the meter.
    pub meter_name: Option<String>,
    /// The version of the meter.
    pub meter_version: Option<String>,
    /// The schema URL of the meter.
    pub meter_schema_url: Option<String>,
}

/// The properties of a view's stream. Unset ones are those of the instrument.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ViewStream {
    /// The name of the metric.
    pub name: Option<String>,
    /// The description of the metric.
    pub description: Option<String>,
    /// The aggregation of measurements. `None`: the default of the instrument's kind.
    pub aggregation: Option<Aggregation>,
    /// The largest number of combinations of attributes. Measurements beyond it share one data point.
    pub aggregation_cardinality_limit: Option<usize>,
    /// The keys of the attributes that are kept. `None`: all.
    pub attribute_keys: Option<Vec<String>>,
}

impl ViewSelector {
    /// Returns `true` if the instrument meets all criteria.
    pub(crate) fn selects(&self, instrument: &Instrument) -> bool {
        let scope = instrument.scope();
        let is = |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
        self.instrument_name.as_ref().is_none_or(|name| name.is_match(instrument.name()))
            && self.instrument_type.is_none_or(|kind| kind == instrument.kind())
            && is(&self.unit, Some(instrument.unit()))
            && is(&self.meter_name, Some(scope.name()))
            && is(&self.meter_version, scope.version())
            && is(&self.meter_schema_url, scope.schema_url())
    }
}

impl ViewStream {
    /// Makes the stream of an instrument whose default aggregation is `default`; `None` for the SDK's.
    ///
    /// # Errors
    ///
    /// Returns the reason why the SDK has no such stream: its boundaries are not sorted, for example.
    pub(crate) fn build(&self, default: Option<Aggregation>) -> Result<Stream, String> {
        let mut stream = Stream::builder();
        if let Some(name) = &self.name {
            stream = stream.with_name(name.clone());
        }
        if let Some(description) = &self.description {
            stream = stream.with_description(description.clone());
        }
        if let Some(aggregation) = self.aggregation.clone().or(default) {
            stream = stream.with_aggregation(aggregation);
        }
        if let Some(limit) = self.aggregation_cardinality_limit {
            stream = stream.with_cardinality_limit(limit);
        }
        if let Some(keys) = &self.attribute_keys {
            stream = stream.with_allowed_attribute_keys(keys.iter().cloned().map(Key::from));
        }
        stream.build().map_err(|error| error.to_string())
    }
}
