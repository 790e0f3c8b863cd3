//! Log records: an `ExportLogsServiceRequest` message
//! ([definition](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto)).

use std::time::SystemTime;

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::AnyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{LogBatch, SdkLogRecord};

use super::request::{instrumentation_scope, resource_fields};
use super::wire;
use crate::clock::Timestamp;

/// Returns the message that carries `batch`.
pub(super) fn encode(resource: &Resource, batch: &LogBatch<'_>) -> Vec<u8> {
    let mut scopes: Vec<(LogScope<'_>, Vec<&SdkLogRecord>)> = Vec::new();
    for (record, scope) in batch.iter() {
        let scope = LogScope { name: record.target().map_or(scope.name(), AsRef::as_ref), scope };
        match scopes.iter_mut().find(|(known, _)| known.is_same(&scope)) {
            Some((_, records)) => records.push(record),
            None => scopes.push((scope, vec![record])),
        }
    }
    let mut out = Vec::new();
    wire::message(&mut out, 1, |out| {
        resource_fields(out, resource, |out| {
            for (LogScope { name, scope }, records) in &scopes {
                wire::message(out, 2, |out| {
                    wire::message(out, 1, |out| instrumentation_scope(out, name, scope));
                    for record in records {
                        wire::message(out, 2, |out| write(out, record));
                    }
                    wire::text(out, 3, scope.schema_url().unwrap_or_default());
                });
            }
        });
    });
    out
}

/// A scope whose name may be the target of its records.
struct LogScope<'a> {
    name: &'a str,
    scope: &'a InstrumentationScope,
}

impl LogScope<'_> {
    fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.scope.version() == other.scope.version()
            && self.scope.schema_url() == other.scope.schema_url()
            && self.scope.attributes().eq(other.scope.attributes())
    }
}

fn write(out: &mut Vec<u8>, record: &SdkLogRecord) {
    let nanos = |time: Option<SystemTime>| time.map_or(0, |time| Timestamp::from(time).unix_nanos());
    wire::fixed64(out, 1, nanos(record.timestamp()));
    // The discriminants are the numbers of the specification.
    wire::number(out, 2, record.severity_number().map_or(0, |severity| severity as u32));
    wire::text(out, 3, record.severity_text().unwrap_or_default());
    if let Some(body) = record.body() {
        wire::message(out, 5, |out| any_value(out, body));
    }
    for (key, value) in record.attributes_iter() {
        wire::message(out, 6, |out| key_value(out, key.as_str(), value));
    }
    if let Some(context) = record.trace_context() {
        wire::fixed32(out, 8, context.trace_flags.map_or(0, |flags| u32::from(flags.to_u8())));
        wire::bytes(out, 9, &context.trace_id.to_bytes());
        wire::bytes(out, 10, &context.span_id.to_bytes());
    }
    wire::fixed64(out, 11, nanos(record.observed_timestamp()));
    wire::text(out, 12, record.event_name().unwrap_or_default());
}

fn key_value(out: &mut Vec<u8>, key: &str, value: &AnyValue) {
    wire::text(out, 1, key);
    wire::message(out, 2, |out| any_value(out, value));
}

fn any_value(out: &mut Vec<u8>, value: &AnyValue) {
    match value {
        AnyValue::String(text) => wire::present(out, 1, text.as_str().as_bytes()),
        // A default is written, too: the field that is present shows the type.
        AnyValue::Boolean(value) => out.extend_from_slice(&[2 << 3, u8::from(*value)]),
        AnyValue::Int(value) => {
            out.push(3 << 3);
            wire::varint(out, value.cast_unsigned());
        }
        AnyValue::Double(value) => wire::double(out, 4, *value),
        AnyValue::ListAny(values) => wire::message(out, 5, |out| {
            for value in values.iter() {
                wire::message(out, 1, |out| any_value(out, value));
            }
        }),
        AnyValue::Map(entries) => wire::message(out, 6, |out| {
            for (key, value) in entries.iter() {
                wire::message(out, 1, |out| key_value(out, key.as_str(), value));
            }
        }),
        AnyValue::Bytes(bytes) => wire::present(out, 7, bytes),
        // A type that is newer than this code.
        _ => {}
    }
}
