//! Which OTLP/HTTP answers allow another attempt.

use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{Response, StatusCode};

use super::RetryDelay;

/// Returns the wait before the next attempt, or `None` if the answer is final, success or not.
///
/// The status codes are those of [the specification](https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes).
pub(crate) fn retry_after<B>(answer: &Response<B>) -> Option<RetryDelay> {
    match answer.status() {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => {
            let requested = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            let requested = requested.and_then(|requested| wait(requested, SystemTime::now()));
            Some(requested.map_or(RetryDelay::Backoff, RetryDelay::Requested))
        }
        _ => None,
    }
}

/// Parses [seconds or a date](https://www.rfc-editor.org/rfc/rfc9110#field.retry-after). Returns `None` for anything else.
fn wait(retry_after: &str, now: SystemTime) -> Option<Duration> {
    let retry_after = retry_after.trim();
    if let Ok(seconds) = retry_after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(retry_after).ok()?;
    // A date in the past asks for no wait.
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn answer(status: u16, retry_after: Option<&str>) -> Response<()> {
        let mut answer = Response::builder().status(status);
        if let Some(value) = retry_after {
            answer = answer.header(RETRY_AFTER, value);
        }
        answer.body(()).unwrap()
    }

    #[test]
    fn four_answers_are_not_final() {
        for status in 100..600 {
            let delay = retry_after(&answer(status, None));
            assert_eq!(delay.is_some(), [429, 502, 503, 504].contains(&status), "{status}");
        }
    }

    #[test]
    fn a_requested_time_is_parsed() {
        let seconds = |seconds| Some(RetryDelay::Requested(Duration::from_secs(seconds)));
        assert_eq!(retry_after(&answer(503, Some("7"))), seconds(7));
        assert_eq!(retry_after(&answer(429, Some(" 0 "))), seconds(0));
        assert_eq!(retry_after(&answer(503, Some("18446744073709551615"))), seconds(u64::MAX));
        assert_eq!(retry_after(&answer(503, Some("Fri, 31 Dec 1999 23:59:59 GMT"))), seconds(0));
        for nonsense in ["", "-1", "soon", "1.5", "18446744073709551616"] {
            assert_eq!(retry_after(&answer(503, Some(nonsense))), Some(RetryDelay::Backoff), "{nonsense}");
        }
        assert_eq!(retry_after(&answer(400, Some("7"))), None);
    }

    #[test]
    fn dates_are_counted_from_now() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(946_684_799);
        assert_eq!(wait("Sat, 01 Jan 2000 00:00:09 GMT", now), Some(Duration::from_secs(10)));
    }
}
