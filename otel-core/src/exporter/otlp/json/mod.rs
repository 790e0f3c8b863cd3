//! OTLP/JSON ([specification](https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding)): messages that are
//! already encoded as protobuf, written as JSON.
//!
//! `serde` could write the messages of `opentelemetry-proto`, but it turns numbers that JSON has no word for into
//! `null`, where [protobuf's mapping](https://protobuf.dev/programming-guides/json/) wants `"NaN"` and `"Infinity"`;
//! and every application would compile that code for each message.

mod schema;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use schema::MessageSchema;
pub(crate) use writer::write;

/// Returns the message that a collector takes under the path of `signal`, such as `traces`.
pub(crate) fn request(signal: &str) -> Option<&'static MessageSchema> {
    match signal {
        "traces" => Some(&schema::TRACES),
        "metrics" => Some(&schema::METRICS),
        "logs" => Some(&schema::LOGS),
        _ => None,
    }
}
