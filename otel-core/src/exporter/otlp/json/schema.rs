//! The messages of OTLP 1.x: numbers, names and types of their fields, as in
//! [`opentelemetry-proto`](https://github.com/open-telemetry/opentelemetry-proto).

/// The fields of a message, in the order in which they are written.
#[derive(Debug)]
pub(crate) struct MessageSchema(pub(super) &'static [FieldSchema]);

/// One field, by the names of [OTLP/JSON](https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): those of the
/// protobuf definition in lower camel case.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldSchema {
    pub(super) number: u32,
    pub(super) name: &'static str,
    pub(super) kind: FieldKind,
    pub(super) is_repeated: bool,
    /// `true` if the field is written even where it is empty: `opentelemetry-proto` reads no message without it.
    pub(super) is_always_written: bool,
}

/// The type of a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum FieldKind {
    String,
    /// Bytes that OTLP writes as hexadecimal digits: ids.
    Hex,
    /// Other bytes.
    Base64,
    Bool,
    /// `int32`, `uint32` and enumerations.
    Int32,
    Sint32,
    Fixed32,
    Int64,
    Uint64,
    Fixed64,
    Sfixed64,
    Double,
    Message(&'static MessageSchema),
}

/// A field that a message has at most once.
const fn one(number: u32, name: &'static str, kind: FieldKind) -> FieldSchema {
    FieldSchema { number, name, kind, is_repeated: false, is_always_written: false }
}

/// A field that a message may have many times.
const fn many(number: u32, name: &'static str, kind: FieldKind) -> FieldSchema {
    FieldSchema { number, name, kind, is_repeated: true, is_always_written: false }
}

/// Writes the field even where it is empty.
const fn always(field: FieldSchema) -> FieldSchema {
    FieldSchema { is_always_written: true, ..field }
}

use FieldKind::{
    Base64, Bool, Double, Fixed32, Fixed64, Hex, Int32, Int64, Message as Of, Sfixed64, Sint32, String, Uint64,
};

pub(super) static TRACES: MessageSchema = MessageSchema(&[many(1, "resourceSpans", Of(&RESOURCE_SPANS))]);

static RESOURCE_SPANS: MessageSchema = MessageSchema(&[
    one(1, "resource", Of(&RESOURCE)),
    many(2, "scopeSpans", Of(&SCOPE_SPANS)),
    one(3, "schemaUrl", String),
]);

static SCOPE_SPANS: MessageSchema =
    MessageSchema(&[one(1, "scope", Of(&SCOPE)), many(2, "spans", Of(&SPAN)), one(3, "schemaUrl", String)]);

static SPAN: MessageSchema = MessageSchema(&[
    one(1, "traceId", Hex),
    one(2, "spanId", Hex),
    one(3, "traceState", String),
    one(4, "parentSpanId", Hex),
    one(16, "flags", Fixed32),
    one(5, "name", String),
    one(6, "kind", Int32),
    one(7, "startTimeUnixNano", Fixed64),
    one(8, "endTimeUnixNano", Fixed64),
    many(9, "attributes", Of(&KEY_VALUE)),
    one(10, "droppedAttributesCount", Int32),
    many(11, "events", Of(&EVENT)),
    one(12, "droppedEventsCount", Int32),
    many(13, "links", Of(&LINK)),
    one(14, "droppedLinksCount", Int32),
    one(15, "status", Of(&STATUS)),
]);

static EVENT: MessageSchema = MessageSchema(&[
    one(1, "timeUnixNano", Fixed64),
    one(2, "name", String),
    many(3, "attributes", Of(&KEY_VALUE)),
    one(4, "droppedAttributesCount", Int32),
]);

static LINK: MessageSchema = MessageSchema(&[
    one(1, "traceId", Hex),
    one(2, "spanId", Hex),
    one(3, "traceState", String),
    many(4, "attributes", Of(&KEY_VALUE)),
    one(5, "droppedAttributesCount", Int32),
    one(6, "flags", Fixed32),
]);

static STATUS: MessageSchema = MessageSchema(&[one(2, "message", String), one(3, "code", Int32)]);

pub(super) static LOGS: MessageSchema = MessageSchema(&[many(1, "resourceLogs", Of(&RESOURCE_LOGS))]);

static RESOURCE_LOGS: MessageSchema = MessageSchema(&[
    one(1, "resource", Of(&RESOURCE)),
    many(2, "scopeLogs", Of(&SCOPE_LOGS)),
    one(3, "schemaUrl", String),
]);

static SCOPE_LOGS: MessageSchema =
    MessageSchema(&[one(1, "scope", Of(&SCOPE)), many(2, "logRecords", Of(&LOG_RECORD)), one(3, "schemaUrl", String)]);

static LOG_RECORD: MessageSchema = MessageSchema(&[
    one(1, "timeUnixNano", Fixed64),
    one(11, "observedTimeUnixNano", Fixed64),
    one(2, "severityNumber", Int32),
    one(3, "severityText", String),
    one(5, "body", Of(&ANY_VALUE)),
    many(6, "attributes", Of(&KEY_VALUE)),
    one(7, "droppedAttributesCount", Int32),
    one(8, "flags", Fixed32),
    one(9, "traceId", Hex),
    one(10, "spanId", Hex),
    one(12, "eventName", String),
]);

pub(super) static METRICS: MessageSchema = MessageSchema(&[many(1, "resourceMetrics", Of(&RESOURCE_METRICS))]);

static RESOURCE_METRICS: MessageSchema = MessageSchema(&[
    one(1, "resource", Of(&RESOURCE)),
    many(2, "scopeMetrics", Of(&SCOPE_METRICS)),
    one(3, "schemaUrl", String),
]);

static SCOPE_METRICS: MessageSchema =
    MessageSchema(&[one(1, "scope", Of(&SCOPE)), many(2, "metrics", Of(&METRIC)), one(3, "schemaUrl", String)]);

static METRIC: MessageSchema = MessageSchema(&[
    one(1, "name", String),
    one(2, "description", String),
    one(3, "unit", String),
    one(5, "gauge", Of(&GAUGE)),
    one(7, "sum", Of(&SUM)),
    one(9, "histogram", Of(&HISTOGRAM)),
    one(10, "exponentialHistogram", Of(&EXPONENTIAL_HISTOGRAM)),
    one(11, "summary", Of(&SUMMARY)),
    many(12, "metadata", Of(&KEY_VALUE)),
]);

static GAUGE: MessageSchema = MessageSchema(&[many(1, "dataPoints", Of(&NUMBER_POINT))]);

static SUM: MessageSchema = MessageSchema(&[
    many(1, "dataPoints", Of(&NUMBER_POINT)),
    one(2, "aggregationTemporality", Int32),
    one(3, "isMonotonic", Bool),
]);

static HISTOGRAM: MessageSchema =
    MessageSchema(&[many(1, "dataPoints", Of(&HISTOGRAM_POINT)), one(2, "aggregationTemporality", Int32)]);

static EXPONENTIAL_HISTOGRAM: MessageSchema =
    MessageSchema(&[many(1, "dataPoints", Of(&EXPONENTIAL_POINT)), one(2, "aggregationTemporality", Int32)]);

static SUMMARY: MessageSchema = MessageSchema(&[many(1, "dataPoints", Of(&SUMMARY_POINT))]);

static NUMBER_POINT: MessageSchema = MessageSchema(&[
    many(7, "attributes", Of(&KEY_VALUE)),
    one(2, "startTimeUnixNano", Fixed64),
    one(3, "timeUnixNano", Fixed64),
    one(4, "asDouble", Double),
    one(6, "asInt", Sfixed64),
    many(5, "exemplars", Of(&EXEMPLAR)),
    one(8, "flags", Int32),
]);

static HISTOGRAM_POINT: MessageSchema = MessageSchema(&[
    many(9, "attributes", Of(&KEY_VALUE)),
    one(2, "startTimeUnixNano", Fixed64),
    one(3, "timeUnixNano", Fixed64),
    one(4, "count", Fixed64),
    one(5, "sum", Double),
    many(6, "bucketCounts", Fixed64),
    many(7, "explicitBounds", Double),
    many(8, "exemplars", Of(&EXEMPLAR)),
    one(10, "flags", Int32),
    one(11, "min", Double),
    one(12, "max", Double),
]);

static EXPONENTIAL_POINT: MessageSchema = MessageSchema(&[
    many(1, "attributes", Of(&KEY_VALUE)),
    one(2, "startTimeUnixNano", Fixed64),
    one(3, "timeUnixNano", Fixed64),
    one(4, "count", Fixed64),
    one(5, "sum", Double),
    one(6, "scale", Sint32),
    one(7, "zeroCount", Fixed64),
    one(8, "positive", Of(&BUCKETS)),
    one(9, "negative", Of(&BUCKETS)),
    one(10, "flags", Int32),
    many(11, "exemplars", Of(&EXEMPLAR)),
    one(12, "min", Double),
    one(13, "max", Double),
    one(14, "zeroThreshold", Double),
]);

static BUCKETS: MessageSchema = MessageSchema(&[one(1, "offset", Sint32), many(2, "bucketCounts", Uint64)]);

static SUMMARY_POINT: MessageSchema = MessageSchema(&[
    many(7, "attributes", Of(&KEY_VALUE)),
    one(2, "startTimeUnixNano", Fixed64),
    one(3, "timeUnixNano", Fixed64),
    one(4, "count", Fixed64),
    one(5, "sum", Double),
    many(6, "quantileValues", Of(&QUANTILE)),
    one(8, "flags", Int32),
]);

static QUANTILE: MessageSchema = MessageSchema(&[one(1, "quantile", Double), one(2, "value", Double)]);

static EXEMPLAR: MessageSchema = MessageSchema(&[
    many(7, "filteredAttributes", Of(&KEY_VALUE)),
    one(2, "timeUnixNano", Fixed64),
    one(3, "asDouble", Double),
    one(6, "asInt", Sfixed64),
    one(4, "spanId", Hex),
    one(5, "traceId", Hex),
]);

static RESOURCE: MessageSchema = MessageSchema(&[
    many(1, "attributes", Of(&KEY_VALUE)),
    one(2, "droppedAttributesCount", Int32),
    many(3, "entityRefs", Of(&ENTITY)),
]);

static ENTITY: MessageSchema = MessageSchema(&[
    one(1, "schemaUrl", String),
    one(2, "type", String),
    many(3, "idKeys", String),
    many(4, "descriptionKeys", String),
]);

static SCOPE: MessageSchema = MessageSchema(&[
    one(1, "name", String),
    one(2, "version", String),
    many(3, "attributes", Of(&KEY_VALUE)),
    one(4, "droppedAttributesCount", Int32),
]);

static KEY_VALUE: MessageSchema = MessageSchema(&[always(one(1, "key", String)), one(2, "value", Of(&ANY_VALUE))]);

static ANY_VALUE: MessageSchema = MessageSchema(&[
    one(1, "stringValue", String),
    one(2, "boolValue", Bool),
    one(3, "intValue", Int64),
    one(4, "doubleValue", Double),
    one(5, "arrayValue", Of(&ARRAY)),
    one(6, "kvlistValue", Of(&KEY_VALUES)),
    one(7, "bytesValue", Base64),
]);

static ARRAY: MessageSchema = MessageSchema(&[always(many(1, "values", Of(&ANY_VALUE)))]);

static KEY_VALUES: MessageSchema = MessageSchema(&[always(many(1, "values", Of(&KEY_VALUE)))]);
