//! OTLP/JSON ([specification](https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding)): what is encoded as
//! protobuf already, written as JSON.
//!
//! The messages of `opentelemetry-proto` could be written by `serde`, but then numbers that JSON has no word for become
//! `null`, where [protobuf's mapping](https://protobuf.dev/programming-guides/json/) wants `"NaN"` and `"Infinity"`; and
//! every application would compile that code for each of their messages.

mod schema;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use schema::Message;
pub(crate) use writer::write;

/// Returns the message that a collector takes under the path of `signal`, such as `traces`.
pub(crate) fn request(signal: &str) -> Option<&'static Message> {
    match signal {
        "traces" => Some(&schema::TRACES),
        "metrics" => Some(&schema::METRICS),
        "logs" => Some(&schema::LOGS),
        _ => None,
    }
}
