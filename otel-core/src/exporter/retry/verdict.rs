//! Whether an OTLP/HTTP export that failed may be tried again, and when.

use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{Response, StatusCode};

use super::Again;

/// What this answer means. `None`: it is final, be it good or bad.
///
/// The retryable ones are [the specification's](https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes).
pub(crate) fn after<B>(answer: &Response<B>) -> Option<Again> {
    match answer.status() {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => {
            let asked = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            Some(asked.and_then(|asked| wait(asked, SystemTime::now())).map_or(Again::Later, Again::After))
        }
        _ => None,
    }
}

/// [Seconds or a date](https://www.rfc-editor.org/rfc/rfc9110#field.retry-after). `None` if it is neither.
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
            let again = after(&answer(status, None));
            assert_eq!(again.is_some(), [429, 502, 503, 504].contains(&status), "{status}");
        }
    }

    #[test]
    fn what_the_collector_asks_for() {
        let seconds = |seconds| Some(Again::After(Duration::from_secs(seconds)));
        assert_eq!(after(&answer(503, Some("7"))), seconds(7));
        assert_eq!(after(&answer(429, Some(" 0 "))), seconds(0));
        assert_eq!(after(&answer(503, Some("18446744073709551615"))), seconds(u64::MAX));
        assert_eq!(after(&answer(503, Some("Fri, 31 Dec 1999 23:59:59 GMT"))), seconds(0));
        for nonsense in ["", "-1", "soon", "1.5", "18446744073709551616"] {
            assert_eq!(after(&answer(503, Some(nonsense))), Some(Again::Later), "{nonsense}");
        }
        assert_eq!(after(&answer(400, Some("7"))), None);
    }

    #[test]
    fn dates_are_counted_from_now() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(946_684_799);
        assert_eq!(wait("Sat, 01 Jan 2000 00:00:09 GMT", now), Some(Duration::from_secs(10)));
    }
}
