//! Instants as RFC 3339 in UTC with microseconds: `2020-04-30T17:28:57.886397Z`.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;

use super::json_value::Json;

/// Displays a [`SystemTime`]; always 27 characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rfc3339(pub(super) SystemTime);

impl Rfc3339 {
    /// Whole nanoseconds since the epoch, negative before it.
    fn unix_nanos(self) -> i128 {
        let nanos = |duration: std::time::Duration| i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
        match self.0.duration_since(UNIX_EPOCH) {
            Ok(after) => nanos(after),
            Err(before) => -nanos(before.duration()),
        }
    }
}

impl fmt::Display for Rfc3339 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.unix_nanos();
        // Users may set any start time. One that the calendar cannot express is shown as the nearest date that it can.
        let instant = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or_else(|_| {
            let end = if nanos < 0 { time::PrimitiveDateTime::MIN } else { time::PrimitiveDateTime::MAX };
            end.assume_utc()
        });
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            instant.year(),
            u8::from(instant.month()),
            instant.day(),
            instant.hour(),
            instant.minute(),
            instant.second(),
            instant.microsecond(),
        )
    }
}

impl From<Rfc3339> for Json<'_> {
    fn from(time: Rfc3339) -> Self {
        time.to_string().into()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn microseconds_are_padded_and_truncated() {
        let at = |nanos| Rfc3339(UNIX_EPOCH + Duration::from_nanos(nanos)).to_string();
        assert_eq!(at(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(at(1_588_267_737_886_397_999), "2020-04-30T17:28:57.886397Z");
        assert_eq!(at(951_782_400_000_001_000), "2000-02-29T00:00:00.000001Z");
    }

    #[test]
    fn instants_outside_the_calendar_are_clamped() {
        let far = Duration::from_secs(1 << 50);
        let later = UNIX_EPOCH.checked_add(far).map(|at| Rfc3339(at).to_string());
        assert_eq!(later.as_deref(), Some("9999-12-31T23:59:59.999999Z"));
        let earlier = UNIX_EPOCH.checked_sub(far).map(|at| Rfc3339(at).to_string());
        assert_eq!(earlier.as_deref(), Some("-9999-01-01T00:00:00.000000Z"));
        let before = UNIX_EPOCH.checked_sub(Duration::from_secs(1)).map(|at| Rfc3339(at).to_string());
        assert_eq!(before.as_deref(), Some("1969-12-31T23:59:59.000000Z"));
    }
}
