//! Lower-case hexadecimal ids.

use opentelemetry::trace::{SpanId, TraceId};

/// The number that at most 32 lower-case digits spell.
pub(super) fn hex(digits: &[u8]) -> Option<u128> {
    if digits.len() > 32 {
        return None;
    }
    digits.iter().try_fold(0, |number, &digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u128::from(value))
    })
}

/// A trace id that is not zero.
pub(super) fn trace_id(digits: &[u8]) -> Option<TraceId> {
    hex(digits).filter(|&id| id != 0).map(TraceId::from)
}

/// A span id that is not zero.
pub(super) fn span_id(digits: &[u8]) -> Option<SpanId> {
    let id = u64::try_from(hex(digits)?).ok().filter(|&id| id != 0)?;
    Some(SpanId::from(id))
}
