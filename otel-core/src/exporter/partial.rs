//! [Partial success](https://opentelemetry.io/docs/specs/otlp/#partial-success-1): a collector answers well and has
//! thrown a part away. `opentelemetry-otlp` tells that to its internal log only.

use http::Response;
use http::header::CONTENT_TYPE;
use serde::Deserialize;

use super::reporting::Rejected;

/// Most characters of what a collector says that are passed on.
const LONGEST_MESSAGE: usize = 200;

/// The answer to an export of any signal: they differ in names only.
#[derive(Deserialize, prost::Message)]
struct Answer {
    #[prost(message, optional, tag = "1")]
    #[serde(rename = "partialSuccess")]
    partial_success: Option<Partial>,
}

#[derive(Deserialize, prost::Message)]
#[serde(rename_all = "camelCase", default)]
struct Partial {
    #[prost(int64, tag = "1")]
    #[serde(alias = "rejectedSpans", alias = "rejectedLogRecords", alias = "rejectedDataPoints")]
    #[serde(deserialize_with = "number")]
    rejected: i64,
    #[prost(string, tag = "2")]
    error_message: String,
}

/// JSON has 64-bit integers as strings, and some senders have them as numbers.
fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number<'a> {
        Number(i64),
        Text(std::borrow::Cow<'a, str>),
    }
    match Number::deserialize(deserializer)? {
        Number::Number(number) => Ok(number),
        Number::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

/// What this good answer says to be rejected. `None`: nothing, or it is not understood.
pub(crate) fn rejected(answer: &Response<impl AsRef<[u8]>>) -> Option<Rejected> {
    let kind = answer.headers().get(CONTENT_TYPE).map_or(&[][..], |kind| kind.as_bytes());
    let body = answer.body().as_ref();
    let Answer { partial_success } = if kind.starts_with(b"application/json") {
        serde_json::from_slice(body).ok()?
    } else {
        prost::Message::decode(body).ok()?
    };
    let Partial { rejected, error_message } = partial_success?;
    let items = usize::try_from(rejected).ok().filter(|items| *items > 0)?;
    let message = error_message.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect();
    Some(Rejected { items, message })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn answer(kind: &str, body: impl Into<Vec<u8>>) -> Option<Rejected> {
        rejected(&Response::builder().header(CONTENT_TYPE, kind).body(body.into()).unwrap())
    }

    fn rejecting(items: usize, message: &str) -> Rejected {
        Rejected { items, message: message.to_owned() }
    }

    #[test]
    fn json_of_every_signal() {
        for name in ["rejectedSpans", "rejectedLogRecords", "rejectedDataPoints"] {
            for number in ["2", "\"2\""] {
                let body = format!(r#"{{"partialSuccess":{{"{name}":{number},"errorMessage":"too\nold","new":1}}}}"#);
                assert_eq!(answer("application/json; charset=utf-8", body), Some(rejecting(2, "tooold")));
            }
        }
        for nothing in ["{}", r#"{"partialSuccess":{}}"#, r#"{"partialSuccess":null}"#, "", "]garbage["] {
            assert_eq!(answer("application/json", nothing), None, "{nothing}");
        }
        for number in ["0", "-1", "\"x\"", "1.5", "1e99"] {
            let body = format!(r#"{{"partialSuccess":{{"rejectedSpans":{number}}}}}"#);
            assert_eq!(answer("application/json", body), None, "{number}");
        }
    }

    #[test]
    fn protobuf() {
        assert_eq!(answer("application/x-protobuf", b"\n\x07\x08\x02\x12\x03old"), Some(rejecting(2, "old")));
        for nothing in [&b""[..], b"\n\x00", b"garbage", b"\n\x02\x08\x00"] {
            assert_eq!(answer("application/x-protobuf", nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn long_stories_are_cut() {
        let body = format!(r#"{{"partialSuccess":{{"rejectedSpans":1,"errorMessage":"{}"}}}}"#, "é".repeat(1000));
        assert_eq!(answer("application/json", body), Some(rejecting(1, &"é".repeat(LONGEST_MESSAGE))));
    }
}
