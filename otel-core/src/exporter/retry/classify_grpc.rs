//! Which gRPC statuses allow another attempt.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::RetryDelay;

/// Returns the wait before the next attempt, or `None` if the status is final.
///
/// The codes are those of [the specification](https://opentelemetry.io/docs/specs/otlp/#failures).
pub(crate) fn retry_after_status(status: &Status) -> Option<RetryDelay> {
    let requested = status.get_details_retry_info().and_then(|info| info.retry_delay);
    match status.code() {
        // Without a requested wait it is final: a quota may be exhausted.
        Code::ResourceExhausted => requested.map(RetryDelay::Requested),
        Code::Unavailable => {
            let requested = requested.filter(|wait| *wait > Duration::ZERO);
            Some(requested.map_or(RetryDelay::Backoff, RetryDelay::Requested))
        }
        Code::Cancelled | Code::DeadlineExceeded | Code::Aborted | Code::OutOfRange | Code::DataLoss => {
            Some(RetryDelay::Backoff)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn seven_codes_are_not_final_and_one_of_them_with_a_requested_time_only() {
        for code in 0..=16 {
            let plain = retry_after_status(&Status::new(Code::from_i32(code), ""));
            assert_eq!(plain, [1, 4, 10, 11, 14, 15].contains(&code).then_some(RetryDelay::Backoff), "{code}");
            let hint = ErrorDetails::with_retry_info(Some(Duration::from_secs(7)));
            let requested = retry_after_status(&Status::with_error_details(Code::from_i32(code), "", hint));
            let expected =
                if [8, 14].contains(&code) { Some(RetryDelay::Requested(Duration::from_secs(7))) } else { plain };
            assert_eq!(requested, expected, "{code}");
        }
    }
}
