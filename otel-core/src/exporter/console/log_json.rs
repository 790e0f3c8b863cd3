//! A log record as JSON, as `LogRecord.to_json` prints it in Python, but for the number of dropped attributes: the SDK's
//! record does not have it.

use opentelemetry::logs::AnyValue;
use opentelemetry::{SpanId, TraceFlags, TraceId};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLogRecord;

use super::attribute_json;
use super::json_value::Json;
use super::timestamp::Rfc3339;

pub(super) fn log_record<'a>(record: &'a SdkLogRecord, resource: &'a Resource) -> Json<'a> {
    let context = record.trace_context();
    let (trace_id, span_id) =
        context.map_or((TraceId::INVALID, SpanId::INVALID), |context| (context.trace_id, context.span_id));
    let trace_flags = context.and_then(|context| context.trace_flags).map_or(0, TraceFlags::to_u8);
    let mut fields = Vec::new();
    for (key, value) in record.attributes_iter() {
        attribute_json::set(&mut fields, key.as_str(), any_value(value));
    }
    Json::Object(vec![
        ("body", record.body().map(any_value).into()),
        // Numbers of severities are from 1 to 24.
        ("severity_number", record.severity_number().map(|severity| severity as u64).into()),
        ("severity_text", record.severity_text().into()),
        ("attributes", Json::Object(fields)),
        ("timestamp", record.timestamp().map(Rfc3339).into()),
        ("observed_timestamp", record.observed_timestamp().map(Rfc3339).into()),
        ("trace_id", format!("0x{trace_id}").into()),
        ("span_id", format!("0x{span_id}").into()),
        ("trace_flags", u64::from(trace_flags).into()),
        ("resource", attribute_json::resource(resource)),
        ("event_name", record.event_name().unwrap_or_default().into()),
    ])
}

/// A value of a body or an attribute, which may be nested in log records only.
fn any_value(value: &AnyValue) -> Json<'_> {
    match value {
        AnyValue::Int(value) => (*value).into(),
        AnyValue::Double(value) => (*value).into(),
        AnyValue::String(value) => value.as_str().into(),
        AnyValue::Boolean(value) => (*value).into(),
        AnyValue::Bytes(bytes) => Json::list(bytes.iter().map(|byte| u64::from(*byte).into())),
        AnyValue::ListAny(values) => Json::list(values.iter().map(any_value)),
        AnyValue::Map(entries) => {
            attribute_json::sorted(entries.iter().map(|(key, value)| (key.as_str(), any_value(value))))
        }
        // The enum may grow: a new value is printed as text.
        other => format!("{other:?}").into(),
    }
}
