//! The JSON layout of a log record; field order is the order of the keys.

use opentelemetry::logs::AnyValue;
use opentelemetry::{Key, SpanId, TraceFlags, TraceId};
use opentelemetry_sdk::logs::SdkLogRecord;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::resource::{ResourceAttributes, ResourceView};
use super::timestamp::Rfc3339;
use super::value::Double;

/// A whole record, as `LogRecord.to_json` prints it in Python.
#[derive(Serialize)]
pub(super) struct LogView<'a> {
    body: Option<JsonAnyValue<'a>>,
    severity_number: Option<u8>,
    severity_text: Option<&'a str>,
    attributes: LogAttributes<'a>,
    /// Always zero: the SDK drops none.
    dropped_attributes: u32,
    timestamp: Option<Rfc3339>,
    observed_timestamp: Option<Rfc3339>,
    trace_id: String,
    span_id: String,
    trace_flags: u8,
    resource: ResourceView<'a>,
    event_name: &'a str,
}

impl<'a> LogView<'a> {
    pub(super) fn new(record: &'a SdkLogRecord, resource: &'a ResourceAttributes) -> Self {
        let context = record.trace_context();
        let (trace_id, span_id) =
            context.map_or((TraceId::INVALID, SpanId::INVALID), |context| (context.trace_id, context.span_id));
        Self {
            body: record.body().map(JsonAnyValue),
            // Numbers of severities are from 1 to 24.
            severity_number: record.severity_number().map(|severity| severity as u8),
            severity_text: record.severity_text(),
            attributes: LogAttributes(record),
            dropped_attributes: 0,
            timestamp: record.timestamp().map(Rfc3339),
            observed_timestamp: record.observed_timestamp().map(Rfc3339),
            trace_id: format!("0x{trace_id}"),
            span_id: format!("0x{span_id}"),
            trace_flags: context.and_then(|context| context.trace_flags).map_or(0, TraceFlags::to_u8),
            resource: resource.view(),
            event_name: record.event_name().unwrap_or_default(),
        }
    }
}

/// The attributes of a record. The last value of a key counts, at the place of the first, as for spans.
struct LogAttributes<'a>(&'a SdkLogRecord);

impl Serialize for LogAttributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let attributes: Vec<&(Key, AnyValue)> = self.0.attributes_iter().collect();
        let mut map = serializer.serialize_map(None)?;
        for (index, (key, value)) in attributes.iter().enumerate() {
            let (before, rest) = attributes.split_at(index);
            if before.iter().any(|(earlier, _)| earlier == key) {
                continue;
            }
            let last = rest.iter().rfind(|(later, _)| later == key).map_or(value, |(_, last)| last);
            map.serialize_entry(key.as_str(), &JsonAnyValue(last))?;
        }
        map.end()
    }
}

/// A value of a body or an attribute, which may be nested in log records only.
struct JsonAnyValue<'a>(&'a AnyValue);

impl Serialize for JsonAnyValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            AnyValue::Int(value) => serializer.serialize_i64(*value),
            AnyValue::Double(value) => Double(*value).serialize(serializer),
            AnyValue::String(value) => serializer.serialize_str(value.as_str()),
            AnyValue::Boolean(value) => serializer.serialize_bool(*value),
            AnyValue::Bytes(bytes) => serializer.collect_seq(bytes.iter()),
            AnyValue::ListAny(values) => serializer.collect_seq(values.iter().map(JsonAnyValue)),
            AnyValue::Map(entries) => {
                // The order of a hash map differs from run to run.
                let mut entries: Vec<_> =
                    entries.iter().map(|(key, value)| (key.as_str(), JsonAnyValue(value))).collect();
                entries.sort_by_key(|(key, _)| *key);
                serializer.collect_map(entries)
            }
            // The enum may grow: a new value is printed as text.
            other => serializer.collect_str(&format_args!("{other:?}")),
        }
    }
}
