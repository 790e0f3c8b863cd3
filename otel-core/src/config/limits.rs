//! Limits of spans and log records.

use super::source::Source;

const DEFAULT: u32 = 128;

/// Limits of spans ([specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits)). Items beyond a
/// count are dropped and counted; longer strings are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpanLimitSettings {
    /// `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`
    pub attributes: u32,
    /// `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`, in characters.
    /// `None`: no limit.
    pub attribute_value_length: Option<usize>,
    /// `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`, for the attributes of events and links, in characters. `None`: no limit.
    pub nested_attribute_value_length: Option<usize>,
    /// `OTEL_SPAN_EVENT_COUNT_LIMIT`
    pub events: u32,
    /// `OTEL_SPAN_LINK_COUNT_LIMIT`
    pub links: u32,
    /// `OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`
    pub attributes_per_event: u32,
    /// `OTEL_LINK_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`
    pub attributes_per_link: u32,
}

impl Default for SpanLimitSettings {
    fn default() -> Self {
        Self {
            attributes: DEFAULT,
            attribute_value_length: None,
            nested_attribute_value_length: None,
            events: DEFAULT,
            links: DEFAULT,
            attributes_per_event: DEFAULT,
            attributes_per_link: DEFAULT,
        }
    }
}

/// Limits of log records ([specification](https://opentelemetry.io/docs/specs/otel/logs/sdk/#logrecord-limits)).
/// Attributes beyond the count are dropped; longer strings are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogRecordLimitSettings {
    /// `OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`
    pub attributes: u32,
    /// `OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`, in characters.
    /// `None`: no limit.
    pub attribute_value_length: Option<usize>,
}

impl Default for LogRecordLimitSettings {
    fn default() -> Self {
        Self { attributes: DEFAULT, attribute_value_length: None }
    }
}

impl LogRecordLimitSettings {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let general = count(source, "OTEL_ATTRIBUTE_COUNT_LIMIT", DEFAULT);
        let general_length = length(source, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", None);
        Self {
            attributes: count(source, "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", general),
            attribute_value_length: length(source, "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", general_length),
        }
    }
}

impl SpanLimitSettings {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let general = count(source, "OTEL_ATTRIBUTE_COUNT_LIMIT", DEFAULT);
        let general_length = length(source, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", None);
        Self {
            attributes: count(source, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", general),
            attribute_value_length: length(source, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", general_length),
            nested_attribute_value_length: general_length,
            events: count(source, "OTEL_SPAN_EVENT_COUNT_LIMIT", DEFAULT),
            links: count(source, "OTEL_SPAN_LINK_COUNT_LIMIT", DEFAULT),
            attributes_per_event: count(source, "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", general),
            attributes_per_link: count(source, "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", general),
        }
    }
}

fn count(source: &mut Source<'_>, variable: &str, fallback: u32) -> u32 {
    source.number(variable, 0..=u32::MAX, fallback).unwrap_or(fallback)
}

fn length(source: &mut Source<'_>, variable: &str, fallback: Option<usize>) -> Option<usize> {
    let shown = fallback.map_or_else(|| "no limit".to_owned(), |limit| limit.to_string());
    source.number(variable, 0..=usize::MAX, shown).or(fallback)
}
