//! The messages of OTLP that the viewer shows, as tables: the numbers of the fields, their names in
//! [OTLP/JSON](https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding), and their types.
//!
//! Source: [opentelemetry-proto](https://github.com/open-telemetry/opentelemetry-proto). Of metrics, only the parts for
//! the table of routes are listed; everything else is skipped.

/// A message type.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) fields: &'static [Field],
}

/// A field of a message.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) number: u32,
    /// Its name in JSON.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_repeated: bool,
}

/// The type of a field, and so its form in JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    /// Bytes in hexadecimal digits: ids, by OTLP's exception to protobuf's JSON.
    Hex,
    /// Bytes in base64.
    Base64,
    Bool,
    /// A varint of at most 32 bits, or an enumeration: a JSON number.
    Small,
    /// A signed varint: a decimal string in JSON.
    Signed,
    /// Eight bytes: a decimal string in JSON.
    Fixed64,
    /// Four bytes: a JSON number.
    Fixed32,
    Double,
    Message(&'static Message),
}

const fn one(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind, is_repeated: false }
}

const fn many(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind, is_repeated: true }
}

const fn message(number: u32, name: &'static str, kind: &'static Message) -> Field {
    one(number, name, Kind::Message(kind))
}

const fn messages(number: u32, name: &'static str, kind: &'static Message) -> Field {
    many(number, name, Kind::Message(kind))
}

pub(crate) static ANY_VALUE: Message = Message {
    fields: &[
        one(1, "stringValue", Kind::Text),
        one(2, "boolValue", Kind::Bool),
        one(3, "intValue", Kind::Signed),
        one(4, "doubleValue", Kind::Double),
        message(5, "arrayValue", &Message { fields: &[messages(1, "values", &ANY_VALUE)] }),
        message(6, "kvlistValue", &Message { fields: &[messages(1, "values", &KEY_VALUE)] }),
        one(7, "bytesValue", Kind::Base64),
    ],
};

pub(crate) static KEY_VALUE: Message =
    Message { fields: &[one(1, "key", Kind::Text), message(2, "value", &ANY_VALUE)] };

pub(crate) static RESOURCE: Message =
    Message { fields: &[messages(1, "attributes", &KEY_VALUE), one(2, "droppedAttributesCount", Kind::Small)] };

pub(crate) static SCOPE: Message = Message {
    fields: &[
        one(1, "name", Kind::Text),
        one(2, "version", Kind::Text),
        messages(3, "attributes", &KEY_VALUE),
        one(4, "droppedAttributesCount", Kind::Small),
    ],
};

static EVENT: Message = Message {
    fields: &[
        one(1, "timeUnixNano", Kind::Fixed64),
        one(2, "name", Kind::Text),
        messages(3, "attributes", &KEY_VALUE),
        one(4, "droppedAttributesCount", Kind::Small),
    ],
};

static LINK: Message = Message {
    fields: &[
        one(1, "traceId", Kind::Hex),
        one(2, "spanId", Kind::Hex),
        one(3, "traceState", Kind::Text),
        messages(4, "attributes", &KEY_VALUE),
        one(5, "droppedAttributesCount", Kind::Small),
        one(6, "flags", Kind::Fixed32),
    ],
};

static STATUS: Message = Message { fields: &[one(2, "message", Kind::Text), one(3, "code", Kind::Small)] };

pub(crate) static SPAN: Message = Message {
    fields: &[
        one(1, "traceId", Kind::Hex),
        one(2, "spanId", Kind::Hex),
        one(3, "traceState", Kind::Text),
        one(4, "parentSpanId", Kind::Hex),
        one(16, "flags", Kind::Fixed32),
        one(5, "name", Kind::Text),
        one(6, "kind", Kind::Small),
        one(7, "startTimeUnixNano", Kind::Fixed64),
        one(8, "endTimeUnixNano", Kind::Fixed64),
        messages(9, "attributes", &KEY_VALUE),
        one(10, "droppedAttributesCount", Kind::Small),
        messages(11, "events", &EVENT),
        one(12, "droppedEventsCount", Kind::Small),
        messages(13, "links", &LINK),
        one(14, "droppedLinksCount", Kind::Small),
        message(15, "status", &STATUS),
    ],
};

pub(crate) static LOG_RECORD: Message = Message {
    fields: &[
        one(1, "timeUnixNano", Kind::Fixed64),
        one(11, "observedTimeUnixNano", Kind::Fixed64),
        one(2, "severityNumber", Kind::Small),
        one(3, "severityText", Kind::Text),
        message(5, "body", &ANY_VALUE),
        messages(6, "attributes", &KEY_VALUE),
        one(7, "droppedAttributesCount", Kind::Small),
        one(8, "flags", Kind::Fixed32),
        one(9, "traceId", Kind::Hex),
        one(10, "spanId", Kind::Hex),
        one(12, "eventName", Kind::Text),
    ],
};

static HISTOGRAM_POINT: Message = Message {
    fields: &[
        messages(9, "attributes", &KEY_VALUE),
        one(2, "startTimeUnixNano", Kind::Fixed64),
        one(3, "timeUnixNano", Kind::Fixed64),
        one(4, "count", Kind::Fixed64),
        one(5, "sum", Kind::Double),
        many(6, "bucketCounts", Kind::Fixed64),
        many(7, "explicitBounds", Kind::Double),
    ],
};

static METRIC: Message = Message {
    fields: &[
        one(1, "name", Kind::Text),
        one(3, "unit", Kind::Text),
        message(
            9,
            "histogram",
            &Message {
                fields: &[messages(1, "dataPoints", &HISTOGRAM_POINT), one(2, "aggregationTemporality", Kind::Small)],
            },
        ),
    ],
};

/// `TracesData`, and `ExportTraceServiceRequest`, which has the same fields.
pub(crate) static TRACES: Message = Message {
    fields: &[messages(
        1,
        "resourceSpans",
        &Message {
            fields: &[
                message(1, "resource", &RESOURCE),
                messages(
                    2,
                    "scopeSpans",
                    &Message {
                        fields: &[
                            message(1, "scope", &SCOPE),
                            messages(2, "spans", &SPAN),
                            one(3, "schemaUrl", Kind::Text),
                        ],
                    },
                ),
                one(3, "schemaUrl", Kind::Text),
            ],
        },
    )],
};

/// `LogsData`, and `ExportLogsServiceRequest`.
pub(crate) static LOGS: Message = Message {
    fields: &[messages(
        1,
        "resourceLogs",
        &Message {
            fields: &[
                message(1, "resource", &RESOURCE),
                messages(
                    2,
                    "scopeLogs",
                    &Message {
                        fields: &[
                            message(1, "scope", &SCOPE),
                            messages(2, "logRecords", &LOG_RECORD),
                            one(3, "schemaUrl", Kind::Text),
                        ],
                    },
                ),
                one(3, "schemaUrl", Kind::Text),
            ],
        },
    )],
};

/// `MetricsData`, and `ExportMetricsServiceRequest`.
pub(crate) static METRICS: Message = Message {
    fields: &[messages(
        1,
        "resourceMetrics",
        &Message {
            fields: &[
                message(1, "resource", &RESOURCE),
                messages(2, "scopeMetrics", &Message { fields: &[messages(2, "metrics", &METRIC)] }),
            ],
        },
    )],
};
