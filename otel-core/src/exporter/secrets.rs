//! What must not be printed, although a collector may repeat it in its answer.

use std::fmt;

#[cfg(feature = "_otlp")]
use crate::config::OtlpSettings;

/// Shorter values are in too many words to be taken out of them.
#[cfg(feature = "_otlp")]
const SHORTEST: usize = 4;

/// The values of a collector's settings that may be credentials.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// Header values, also without their scheme (`Bearer`), and the parts of the endpoint's path and query.
    #[cfg(feature = "_otlp")]
    pub(crate) fn of(otlp: &OtlpSettings) -> Self {
        let values =
            otlp.headers.iter().flat_map(|(_, value)| [Some(value.as_str()), value.split_once(' ').map(|it| it.1)]);
        let shown = otlp.shown_endpoint();
        let parts = otlp.endpoint.split(['/', '?', '&', '=', '#']).filter(|part| !shown.contains(part)).map(Some);
        let values = values.chain(parts).flatten().filter(|value| value.len() >= SHORTEST);
        Self(values.map(str::to_owned).collect())
    }

    /// Returns the text without any of them.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "REDACTED"))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occurrence_is_taken_out() {
        let secrets = Secrets(vec!["s3cret".to_owned(), "token".to_owned()]);
        assert_eq!(secrets.redact("s3cret, token=s3cret!"), "REDACTED, REDACTED=REDACTED!");
        assert_eq!(format!("{secrets:?}"), "Secrets");
    }
}
