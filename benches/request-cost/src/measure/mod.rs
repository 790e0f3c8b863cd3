//! The cost of a [`Subject`](crate::subject::Subject) per request.

pub mod allocations;
pub mod callgrind;
pub mod time;

/// A result, or an error for the user.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A variable of the OpenTelemetry specification: the length of the queue for export, long enough here that no span is
/// dropped. Dropping is cheaper than recording, and under callgrind exporting threads are slow.
pub const LONG_QUEUE: (&str, &str) = ("OTEL_BSP_MAX_QUEUE_SIZE", "131072");

/// A total, spread over `count` requests.
#[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
#[must_use]
pub fn per(total: u64, count: usize) -> f64 {
    total as f64 / count as f64
}

/// The median; NaN for an empty list.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_no_outlier() {
        assert_eq!(median(vec![3.0, 1.0, 1000.0, 2.0, -5.0]).to_string(), "2");
        assert!(median(Vec::new()).is_nan());
    }
}
