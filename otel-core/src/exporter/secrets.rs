//! The credentials that must not be printed, although a collector may repeat them in its answer.

use std::fmt;
use std::sync::Arc;

use super::encoded;
#[cfg(feature = "_otlp")]
use crate::config::OtlpSettings;

/// Shorter values are in too many words to be replaced in them.
#[cfg(any(test, feature = "_otlp"))]
const SHORTEST: usize = 4;

const REDACTED: &str = "REDACTED";

/// In place of a text that has a secret which cannot be cut out of it.
const WITHHELD: &str = "(not shown, it contains a secret of the settings)";

/// Names before a credential, as in `Bearer …`, which are no secrets
/// ([registry](https://www.iana.org/assignments/http-authschemes)).
#[cfg(feature = "_otlp")]
const SCHEMES: [&str; 6] = ["api-key", "apikey", "basic", "bearer", "digest", "token"];

/// Parts of usual paths, which are no secrets, and which our own messages have as well.
#[cfg(feature = "_otlp")]
const USUAL: [&str; 3] = ["opentelemetry", "otel", "otlp"];

/// The values of a collector's settings that may be credentials.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Arc<SecretValues>);

/// All in lower case, because a collector may repeat them in another case.
#[derive(Default)]
struct SecretValues {
    /// The longest first: a value that contains another one is replaced as a whole.
    long: Vec<String>,
    short: Vec<String>,
}

impl Secrets {
    /// Header values and their parts, and the parts of the endpoint's path and query. Short parts of an endpoint are no
    /// secrets.
    #[cfg(feature = "_otlp")]
    pub(crate) fn of(otlp: &OtlpSettings) -> Self {
        let mut values = SecretValues::default();
        for (_, value) in &otlp.headers {
            values.add_header(value);
        }
        let shown = otlp.shown_endpoint();
        for part in parts(&otlp.endpoint, &['/', '?', '&', '=', '#']) {
            let is_usual = USUAL.iter().any(|usual| usual.eq_ignore_ascii_case(part));
            if part.len() >= SHORTEST && !is_usual && !shown.contains(part) {
                values.add(part);
                values.add(&encoded::percent_decoded(part));
            }
        }
        Self(Arc::new(values))
    }

    #[cfg(test)]
    pub(super) fn new<const N: usize>(secrets: [&str; N]) -> Self {
        let mut values = SecretValues::default();
        for secret in secrets {
            values.add(secret);
        }
        Self(Arc::new(values))
    }

    /// The text without any secret. A text with an encoded secret is left out as a whole. Short secrets are not searched
    /// for: the text is our own.
    pub(crate) fn redact(&self, text: &str) -> String {
        let SecretValues { long, .. } = &*self.0;
        if long.is_empty() {
            return text.to_owned();
        }
        let redacted = replaced(text, long);
        let holds_secret = |text: &str| contains_any(text, long);
        if holds_secret(&redacted) || encoded::decodings(&redacted).any(|decoded| holds_secret(&decoded)) {
            return WITHHELD.to_owned();
        }
        redacted
    }

    /// As [`redact`](Self::redact), for the words of a collector: a text with a short secret is left out as a whole.
    pub(crate) fn redact_remark(&self, remark: &str) -> String {
        let SecretValues { short, .. } = &*self.0;
        let holds_secret = |text: &str| contains_any(text, short);
        let is_withheld = !short.is_empty()
            && (holds_secret(remark) || encoded::decodings(remark).any(|decoded| holds_secret(&decoded)));
        if is_withheld { WITHHELD.to_owned() } else { self.redact(remark) }
    }
}

fn contains_any(text: &str, secrets: &[String]) -> bool {
    let text = text.to_lowercase();
    secrets.iter().any(|secret| text.contains(secret))
}

/// Replaces every secret, in any case of its ASCII letters.
fn replaced(text: &str, secrets: &[String]) -> String {
    let lower = text.to_ascii_lowercase();
    let mut replaced = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(first) = lower.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = lower.get(at..).unwrap_or_default();
        let found = secrets.iter().find(|secret| rest.starts_with(secret.as_str()));
        let end = at + found.map_or(first.len_utf8(), String::len);
        replaced.push_str(if found.is_some() { REDACTED } else { text.get(at..end).unwrap_or_default() });
        at = end;
    }
    replaced
}

#[cfg(any(test, feature = "_otlp"))]
impl SecretValues {
    /// Adds a header's value, its parts, and the parts of `user:password` in base64
    /// ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617#section-2)).
    #[cfg(feature = "_otlp")]
    fn add_header(&mut self, value: &str) {
        self.add(value);
        for part in parts(value, &[' ', '\t', ',', ';', '=', '"', '\'']) {
            if !SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(part)) {
                self.add(part);
            }
            let Some(pair) = encoded::base64_decoded(part) else { continue };
            let Some((user, password)) = pair.split_once(':') else { continue };
            self.add(&pair);
            self.add(password);
            // A token may stand in place of the user.
            if user.len() >= SHORTEST || password.is_empty() {
                self.add(user);
            }
        }
    }

    fn add(&mut self, secret: &str) {
        let secret = secret.to_lowercase();
        let list = if secret.len() < SHORTEST { &mut self.short } else { &mut self.long };
        // A single character, such as the number of a tenant, is no credential, and is in almost every text.
        if secret.chars().nth(1).is_some() && !list.contains(&secret) {
            let place = list.partition_point(|known| known.len() >= secret.len());
            list.insert(place, secret);
        }
    }
}

/// The parts of a text between separators, without the names in `name=value`.
#[cfg(feature = "_otlp")]
fn parts<'a>(text: &'a str, separators: &[char]) -> impl Iterator<Item = &'a str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (part, after) = rest.find(separators).map_or((rest, ""), |at| rest.split_at(at));
            rest = after.get(1..).unwrap_or_default();
            // Other equals signs are the padding of base64.
            let is_name = after.starts_with('=') && rest.starts_with(|c| c == '"' || !separators.contains(&c));
            if !is_name && !part.is_empty() {
                return Some(part);
            }
        }
        None
    })
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
        let secrets = Secrets::new(["s3cret", "token", "s3cret2"]);
        assert_eq!(secrets.redact("s3cret, token=S3cret2!"), "REDACTED, REDACTED=REDACTED!");
        assert_eq!(secrets.redact("é TOKEN é"), "é REDACTED é");
        assert_eq!(format!("{secrets:?}"), "Secrets");
        assert_eq!(Secrets::default().redact("s3cret"), "s3cret");
    }

    #[test]
    fn a_text_with_an_encoded_secret_is_left_out() {
        let secrets = Secrets::new(["s3crét"]);
        for text in ["key S3CRÉT", "key s3cr%C3%A9t", "key %73%33cr%c3%A9t", "xczNjcsOpdA==!", "/czNjcsOpdA/"] {
            assert_eq!(secrets.redact(text), WITHHELD, "{text}");
        }
        assert_eq!(secrets.redact("key s3cret, 100 %"), "key s3cret, 100 %");
    }

    #[test]
    fn a_remark_with_a_short_secret_is_left_out() {
        let secrets = Secrets::new(["aB1", "7"]);
        for remark in ["no key ab1", "AB1", "no%20key%20%61b1", "YUIx"] {
            assert_eq!(secrets.redact_remark(remark), WITHHELD, "{remark}");
        }
        for remark in ["spans without a name are rejected", "7 spans rejected"] {
            assert_eq!(secrets.redact_remark(remark), remark);
        }
        assert_eq!(secrets.redact("status code: 407"), "status code: 407", "our own words");
    }

    #[cfg(feature = "_otlp")]
    fn of(endpoint: &str, headers: &str) -> Secrets {
        let (config, problems) = crate::config::Config::from_lookup(|name| match name {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => Some(endpoint.to_owned()),
            "OTEL_EXPORTER_OTLP_HEADERS" => Some(headers.to_owned()),
            _ => None,
        });
        assert_eq!(problems, []);
        Secrets::of(&config.traces.otlp)
    }

    #[cfg(feature = "_otlp")]
    #[test]
    fn a_collector_may_repeat_any_part_of_a_setting() {
        for (endpoint, headers, secrets) in [
            ("http://user1:p%40ssword@h", "", &["p@ssword", "user1:p@ssword", "user1", "dXNlcjE6cEBzc3dvcmQ="][..]),
            ("http://s3crettoken@h", "", &["s3crettoken"]),
            ("http://h/t%6Fken1?key=token12", "", &["t%6Fken1", "token1", "token12"]),
            ("http://h", "x-key=token1234,x-other=Bearer%20abcdef", &["token1234", "abcdef", "Bearer abcdef"]),
            ("http://h", "authorization=Token%20token=s3crettoken", &["s3crettoken"]),
            ("http://h", "authorization=Digest%20username=\"admin\"%3Bresponse=\"6629fae4\"", &["admin", "6629fae4"]),
            ("http://h", "cookie=sid=s3cret1%3B%20theme=s3cret2", &["s3cret1", "s3cret2"]),
            ("http://h", "authorization=ApiKey%20aWQxMjpzM2NyZXQ=", &["aWQxMjpzM2NyZXQ", "id12", "s3cret"]),
        ] {
            for secret in secrets {
                let redacted = of(endpoint, headers).redact(secret);
                assert!(["REDACTED", "REDACTED=", WITHHELD].contains(&&*redacted), "{headers} {secret}: {redacted}");
            }
        }
        // The names of schemes and parameters are no secrets.
        let secrets =
            of("http://h/v1?token=abcdef", "authorization=Token%20token=s3crettoken,cookie=sid=abcdef,x=pq,y=1");
        for text in ["the token is no Bearer token", "v1", "sid=1"] {
            assert_eq!(secrets.redact(text), text);
        }
        assert_eq!(secrets.redact_remark("the token pq"), WITHHELD);
        // Nor are the names of usual paths.
        let advice = "are the credentials in OTEL_EXPORTER_OTLP_HEADERS right?";
        assert_eq!(of("http://h/api/v2/otlp", "").redact(advice), advice);
    }
}
