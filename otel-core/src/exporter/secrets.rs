//! The credentials that must not be printed, although a collector may repeat them in its answer.

use std::fmt;

#[cfg(feature = "_otlp")]
use base64::prelude::{BASE64_STANDARD, Engine as _};
#[cfg(feature = "_otlp")]
use percent_encoding::percent_decode_str;

#[cfg(feature = "_otlp")]
use crate::config::OtlpSettings;

/// Shorter values are in too many words to be taken out of them.
#[cfg(feature = "_otlp")]
const SHORTEST: usize = 4;

/// The values of a collector's settings that may be credentials, longest first: a value that contains another one is
/// replaced as a whole.
#[derive(Clone, Default)]
pub(crate) struct Secrets(pub(super) Vec<String>);

impl Secrets {
    /// Header values, and the parts of the endpoint's path and query. A collector may repeat them as they were sent, or
    /// decoded.
    #[cfg(feature = "_otlp")]
    pub(crate) fn of(otlp: &OtlpSettings) -> Self {
        let shown = otlp.shown_endpoint();
        let mut secrets = Self::default();
        for (_, value) in &otlp.headers {
            secrets.add_header(value);
        }
        for part in otlp.endpoint.split(['/', '?', '&', '=', '#']) {
            if !shown.contains(part) {
                secrets.add(part);
                secrets.add(&percent_decode_str(part).decode_utf8_lossy());
            }
        }
        secrets
    }

    /// Adds a header's value, its part after the scheme (`Bearer`), and the password of `Basic`
    /// ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617#section-2)).
    #[cfg(feature = "_otlp")]
    fn add_header(&mut self, value: &str) {
        self.add(value);
        let Some((scheme, credentials)) = value.split_once(' ') else { return };
        self.add(credentials);
        if scheme.eq_ignore_ascii_case("basic")
            && let Ok(pair) = BASE64_STANDARD.decode(credentials)
            && let Ok(pair) = String::from_utf8(pair)
        {
            self.add(&pair);
            if let Some((_, password)) = pair.split_once(':') {
                self.add(password);
            }
        }
    }

    #[cfg(feature = "_otlp")]
    fn add(&mut self, secret: &str) {
        let Self(secrets) = self;
        if secret.len() >= SHORTEST && !secrets.iter().any(|known| known == secret) {
            let place = secrets.partition_point(|known| known.len() >= secret.len());
            secrets.insert(place, secret.to_owned());
        }
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

    #[cfg(feature = "_otlp")]
    #[test]
    fn a_collector_may_decode_before_it_repeats() {
        let (config, problems) = crate::config::Config::from_lookup(|name| {
            let value = match name {
                "OTEL_EXPORTER_OTLP_ENDPOINT" => "http://user:p%40ssword@h/t%6Fken1?key=token12",
                "OTEL_EXPORTER_OTLP_HEADERS" => "x-key=token1234,x-other=Bearer%20abcdef",
                _ => return None,
            };
            Some(value.to_owned())
        });
        assert_eq!(problems, []);
        let secrets = Secrets::of(&config.traces.otlp);
        for text in
            ["p@ssword", "user:p@ssword", "t%6Fken1", "token1", "token12", "token1234", "abcdef", "Bearer abcdef"]
        {
            assert_eq!(secrets.redact(text), "REDACTED");
        }
        assert_eq!(secrets.redact("no key of user at h"), "no key of user at h");
    }
}
