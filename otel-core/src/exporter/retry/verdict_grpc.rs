//! What the status of a call says about trying again.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::Again;

/// What this status means. `None`: it is final.
///
/// The retryable ones are [the specification's](https://opentelemetry.io/docs/specs/otlp/#failures).
pub(crate) fn after_status(status: &Status) -> Option<Again> {
    let asked = status.get_details_retry_info().and_then(|info| info.retry_delay);
    match status.code() {
        // Without a hint it is final: what is exhausted may be a quota.
        Code::ResourceExhausted => asked.map(Again::After),
        Code::Unavailable => Some(asked.filter(|wait| *wait > Duration::ZERO).map_or(Again::Later, Again::After)),
        Code::Cancelled | Code::DeadlineExceeded | Code::Aborted | Code::OutOfRange | Code::DataLoss => {
            Some(Again::Later)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn seven_codes_are_not_final_and_one_of_them_with_a_hint_only() {
        for code in 0..=16 {
            let plain = after_status(&Status::new(Code::from_i32(code), ""));
            assert_eq!(plain, [1, 4, 10, 11, 14, 15].contains(&code).then_some(Again::Later), "{code}");
            let hint = ErrorDetails::with_retry_info(Some(Duration::from_secs(7)));
            let hinted = after_status(&Status::with_error_details(Code::from_i32(code), "", hint));
            let expected = if [8, 14].contains(&code) { Some(Again::After(Duration::from_secs(7))) } else { plain };
            assert_eq!(hinted, expected, "{code}");
        }
    }
}
