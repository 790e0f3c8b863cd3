//! Limits of log records.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use opentelemetry::logs::{AnyValue, LogRecord, Severity};
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};
use opentelemetry::{Key, StringValue};
use opentelemetry_sdk::logs::SdkLogRecord;

use crate::config::LogRecordLimitSettings;
use crate::self_log;

/// A log record within the configured limits: attributes beyond the count are dropped, and longer texts in them are cut
/// ([specification](https://opentelemetry.io/docs/specs/otel/logs/sdk/#logrecord-limits)). The SDK has no such limits.
///
/// The SDK's record cannot hold the number of dropped attributes, so the first drop in a process is reported.
#[derive(Clone, Debug)]
pub struct LimitedLogRecord {
    pub(super) record: SdkLogRecord,
    attributes: u32,
    limits: LogRecordLimitSettings,
}

impl LimitedLogRecord {
    pub(super) fn new(record: SdkLogRecord, limits: LogRecordLimitSettings) -> Self {
        Self { record, attributes: 0, limits }
    }
}

fn report_dropped(limit: u32) {
    // No `Once`: the report may itself become a record.
    static REPORTED: AtomicBool = AtomicBool::new(false);
    if !REPORTED.swap(true, Ordering::Relaxed) {
        self_log::info(format_args!(
            "a log record has more than {limit} attributes: the others are dropped, here and in further records \
             (OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT, else OTEL_ATTRIBUTE_COUNT_LIMIT)"
        ));
    }
}

impl LogRecord for LimitedLogRecord {
    fn set_event_name(&mut self, name: &'static str) {
        self.record.set_event_name(name);
    }

    fn set_target<T: Into<Cow<'static, str>>>(&mut self, target: T) {
        self.record.set_target(target);
    }

    fn set_timestamp(&mut self, timestamp: SystemTime) {
        self.record.set_timestamp(timestamp);
    }

    fn set_observed_timestamp(&mut self, timestamp: SystemTime) {
        self.record.set_observed_timestamp(timestamp);
    }

    fn set_severity_text(&mut self, text: &'static str) {
        self.record.set_severity_text(text);
    }

    fn set_severity_number(&mut self, number: Severity) {
        self.record.set_severity_number(number);
    }

    fn set_body(&mut self, body: AnyValue) {
        self.record.set_body(body);
    }

    fn add_attributes<I, K, V>(&mut self, attributes: I)
    where
        I: IntoIterator<Item = (K, V)>,
        K: Into<Key>,
        V: Into<AnyValue>,
    {
        for (key, value) in attributes {
            self.add_attribute(key, value);
        }
    }

    fn add_attribute<K: Into<Key>, V: Into<AnyValue>>(&mut self, key: K, value: V) {
        if self.attributes >= self.limits.attributes {
            return report_dropped(self.limits.attributes);
        }
        self.attributes += 1;
        match self.limits.attribute_value_length {
            None => self.record.add_attribute(key, value),
            Some(length) => self.record.add_attribute(key, cut(value.into(), length)),
        }
    }

    fn set_trace_context(&mut self, trace_id: TraceId, span_id: SpanId, trace_flags: Option<TraceFlags>) {
        self.record.set_trace_context(trace_id, span_id, trace_flags);
    }
}

/// Cuts the texts in a value to `length` characters.
fn cut(value: AnyValue, length: usize) -> AnyValue {
    match value {
        AnyValue::String(text) => AnyValue::String(cut_text(text, length)),
        AnyValue::ListAny(mut items) => {
            for item in items.iter_mut() {
                *item = cut(std::mem::replace(item, AnyValue::Int(0)), length);
            }
            AnyValue::ListAny(items)
        }
        AnyValue::Map(items) => {
            AnyValue::Map(Box::new(items.into_iter().map(|(key, value)| (key, cut(value, length))).collect()))
        }
        other => other,
    }
}

fn cut_text(text: StringValue, length: usize) -> StringValue {
    match text.as_str().char_indices().nth(length) {
        None => text,
        Some((end, _)) => text.as_str().get(..end).unwrap_or_default().to_owned().into(),
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::logs::{Logger as _, LoggerProvider as _};
    use opentelemetry_sdk::logs::SdkLoggerProvider;

    use super::*;
    use crate::config::Config;

    fn record(limits: LogRecordLimitSettings) -> LimitedLogRecord {
        LimitedLogRecord::new(SdkLoggerProvider::builder().build().logger("test").create_log_record(), limits)
    }

    #[test]
    fn attributes_beyond_the_count_are_dropped_and_longer_texts_are_cut() {
        let limits = Config::from_lookup(|name| match name {
            "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT" => Some("3".to_owned()),
            "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT" => Some("2".to_owned()),
            _ => None,
        });
        let mut record = record(limits.0.logs.limits);
        record.set_body("a long body".into());
        record.add_attribute("text", "äöü");
        let list = vec![AnyValue::from("abc"), AnyValue::Int(700)];
        record.add_attributes([
            ("list", AnyValue::ListAny(Box::new(list))),
            ("short", "ab".into()),
            ("more", 1.into()),
        ]);
        let attributes: Vec<_> = record.record.attributes_iter().map(|(key, value)| (key.as_str(), value)).collect();
        let list = AnyValue::ListAny(Box::new(vec![AnyValue::from("ab"), AnyValue::Int(700)]));
        assert_eq!(attributes, [("text", &"äö".into()), ("list", &list), ("short", &"ab".into())]);
        assert_eq!(record.record.body(), Some(&"a long body".into()), "the limits are those of attributes");
    }

    #[test]
    fn by_default_128_attributes_of_any_length() {
        let mut record = record(LogRecordLimitSettings::default());
        let long = "x".repeat(100_000);
        record.add_attributes((0..200).map(|number| (number.to_string(), long.clone())));
        assert_eq!(record.record.attributes_iter().count(), 128);
        assert!(record.record.attributes_iter().all(|(_, value)| *value == long.clone().into()));
    }
}
