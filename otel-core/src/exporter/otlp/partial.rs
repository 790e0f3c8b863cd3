//! [Partial success](https://opentelemetry.io/docs/specs/otlp/#partial-success-1): a collector answers with success,
//! but rejected a part of the export.

#[cfg(feature = "otlp-http")]
use serde_json::Value;

use super::reader::{Fields, Wire};
use crate::recorder::Received;

/// Reads a successful answer, in JSON or protobuf. An answer that cannot be read counts as full success: the export
/// arrived.
#[cfg(feature = "otlp-http")]
pub(super) fn received(answer: &http::Response<impl AsRef<[u8]>>) -> Received {
    let kind = answer.headers().get(http::header::CONTENT_TYPE).map_or(&[][..], |kind| kind.as_bytes());
    let body = answer.body().as_ref();
    if kind.starts_with(b"application/json") { of_json(body) } else { of_protobuf(body) }
}

/// Like [`received`], in JSON.
#[cfg(feature = "otlp-http")]
fn of_json(answer: &[u8]) -> Received {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let partial = &answer["partialSuccess"];
    // The answers to the signals differ in this name only.
    let names = ["rejectedSpans", "rejectedLogRecords", "rejectedDataPoints"];
    let rejected = names.into_iter().find_map(|name| integer(&partial[name]));
    from_parts(rejected.unwrap_or(0), partial["errorMessage"].as_str().unwrap_or_default())
}

/// JSON writes 64-bit integers as strings, and some senders write them as numbers.
#[cfg(feature = "otlp-http")]
fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// Like [`received`], in protobuf.
pub(super) fn of_protobuf(answer: &[u8]) -> Received {
    let (mut rejected, mut error_message) = (0, &[][..]);
    for (number, value) in Fields(answer) {
        let (1, Wire::Bytes(message)) = (number, value) else { continue };
        for field in Fields(message) {
            match field {
                (1, Wire::Varint(number)) => rejected = number.cast_signed(),
                (2, Wire::Bytes(words)) => error_message = words,
                _ => {}
            }
        }
    }
    from_parts(rejected, &String::from_utf8_lossy(error_message))
}

fn from_parts(rejected: i64, error_message: &str) -> Received {
    // The message is printed on a terminal.
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let remark = error_message.trim().chars().map(plain).collect();
    Received { rejected: u64::try_from(rejected).unwrap_or(0), remark }
}

#[cfg(all(test, feature = "otlp-http"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn answer(kind: &str, body: impl Into<Vec<u8>>) -> Received {
        received(&http::Response::builder().header("content-type", kind).body(body.into()).unwrap())
    }

    fn saying(rejected: u64, remark: &str) -> Received {
        Received { rejected, remark: remark.to_owned() }
    }

    #[test]
    fn json_of_every_signal() {
        for name in ["rejectedSpans", "rejectedLogRecords", "rejectedDataPoints"] {
            for number in ["2", "\"2\""] {
                let body = format!(r#"{{"partialSuccess":{{"{name}":{number},"errorMessage":"too\nold","new":1}}}}"#);
                assert_eq!(answer("application/json; charset=utf-8", body), saying(2, "too old"));
            }
        }
        for nothing in ["{}", r#"{"partialSuccess":{}}"#, r#"{"partialSuccess":null}"#, "", "]garbage["] {
            assert_eq!(answer("application/json", nothing), Received::default(), "{nothing}");
        }
        for number in ["0", "-1", "\"x\"", "1.5", "1e99"] {
            let body = format!(r#"{{"partialSuccess":{{"rejectedSpans":{number}}}}}"#);
            assert_eq!(answer("application/json", body), Received::default(), "{number}");
        }
    }

    #[test]
    fn protobuf() {
        assert_eq!(answer("application/x-protobuf", b"\n\x07\x08\x02\x12\x03old"), saying(2, "old"));
        for nothing in
            [&b""[..], b"\n\x00", b"garbage", b"<html>", b"\xff\xff\xff\xff", b"\n\x02\x08", b"\n\x02\x08\x00"]
        {
            assert_eq!(answer("application/x-protobuf", nothing), Received::default(), "{nothing:?}");
        }
    }

    #[test]
    fn a_remark_may_come_without_a_loss() {
        assert_eq!(answer("application/x-protobuf", b"\n\x0a\x12\x08use gzip"), saying(0, "use gzip"));
        let escape = r#"{"partialSuccess":{"errorMessage":" slow down\n\u001b[31m"}}"#;
        assert_eq!(answer("application/json", escape), saying(0, "slow down  [31m"));
    }
}
