//! What a collector says of a request that it took.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message as _;

use crate::recorder::Received;

/// Most characters of its words that are repeated.
const LONGEST: usize = 300;

/// Reads an `ExportTraceServiceResponse`. One that is not understood says nothing: what was sent did arrive.
pub(super) fn read(answer: &[u8]) -> Received {
    let answer = ExportTraceServiceResponse::decode(answer).unwrap_or_default();
    let Some(partial) = answer.partial_success else { return Received::default() };
    // They end up in a terminal.
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let remark = partial.error_message.trim().chars().take(LONGEST).map(plain).collect();
    Received { rejected: u64::try_from(partial.rejected_spans).unwrap_or(0), remark }
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTracePartialSuccess;

    use super::*;

    fn said(rejected_spans: i64, error_message: &str) -> Received {
        let partial = ExportTracePartialSuccess { rejected_spans, error_message: error_message.to_owned() };
        read(&ExportTraceServiceResponse { partial_success: Some(partial) }.encode_to_vec())
    }

    #[test]
    fn rejected_spans_and_the_reason() {
        assert_eq!(said(2, "too old"), Received { rejected: 2, remark: "too old".to_owned() });
        assert_eq!(said(0, "slow down\n\x1b[31m").remark, "slow down  [31m");
        assert_eq!(said(-1, ""), Received::default());
        assert_eq!(said(1, &"ä".repeat(100_000)).remark.chars().count(), LONGEST);
    }

    #[test]
    fn anything_else_says_nothing() {
        for answer in [&b""[..], b"{}", b"\xff\xff\xff\xff", b"<html>", b"\x0a\x02\x08"] {
            assert_eq!(read(answer), Received::default(), "{answer:?}");
        }
    }
}
