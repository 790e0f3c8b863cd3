//! Log records of one trace, for tests.

use std::fmt;

use opentelemetry::logs::AnyValue;
use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry::{InstrumentationScope, Key};
use opentelemetry_sdk::logs::SdkLogRecord;

/// A log record, and the scope of its logger. Displays as one line: severity, target, text, attributes by name.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogData {
    /// The record.
    pub record: SdkLogRecord,
    /// The logger's scope.
    pub scope: InstrumentationScope,
}

impl LogData {
    pub(super) fn new(record: SdkLogRecord, scope: InstrumentationScope) -> Self {
        Self { record, scope }
    }

    /// The trace of the record.
    #[must_use]
    pub fn trace_id(&self) -> Option<TraceId> {
        self.record.trace_context().map(|context| context.trace_id)
    }

    /// The span of the record.
    #[must_use]
    pub fn span_id(&self) -> Option<SpanId> {
        self.record.trace_context().map(|context| context.span_id)
    }

    /// The text of the record; empty without one.
    #[must_use]
    pub fn body(&self) -> String {
        self.record.body().map(|body| Shown(body).to_string()).unwrap_or_default()
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&AnyValue> {
        self.record.attributes_iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value)
    }
}

impl fmt::Display for LogData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = self.record.target().map_or(self.scope.name(), |target| target.as_ref());
        write!(f, "{} {target}: {}", self.record.severity_text().unwrap_or("-"), self.body())?;
        let mut attributes: Vec<&(Key, AnyValue)> = self.record.attributes_iter().collect();
        attributes.sort_by(|(one, _), (other, _)| one.cmp(other));
        attributes.into_iter().try_for_each(|(key, value)| write!(f, " {key}={}", Shown(value)))
    }
}

/// A value for people. Strings have quotes only within lists and maps, so that separators in them are not confused.
struct Shown<'a>(&'a AnyValue);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            AnyValue::String(text) => f.write_str(text.as_str()),
            value => fmt::Debug::fmt(&Shown(value), f),
        }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            AnyValue::Int(value) => value.fmt(f),
            AnyValue::Double(value) => value.fmt(f),
            AnyValue::Boolean(value) => value.fmt(f),
            AnyValue::String(text) => fmt::Debug::fmt(text.as_str(), f),
            AnyValue::ListAny(values) => f.debug_list().entries(values.iter().map(Shown)).finish(),
            AnyValue::Map(values) => {
                let mut values: Vec<_> = values.iter().collect();
                values.sort_by_key(|(key, _)| *key);
                f.debug_map().entries(values.into_iter().map(|(key, value)| (key.as_str(), Shown(value)))).finish()
            }
            other => write!(f, "{other:?}"),
        }
    }
}
