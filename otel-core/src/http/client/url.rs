//! `url.full`: the URL of a request, without its secrets.

use super::facts::ClientRequestFacts;
use crate::http::authority::without_userinfo;
use crate::http::redaction::redact_query;

/// The text in place of the credentials in a URL
/// ([`url.full`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/)).
const REDACTED_USERINFO: &str = "REDACTED:REDACTED@";

/// The URL with credentials, and the values of sensitive query keys, replaced.
pub(super) fn full(facts: &ClientRequestFacts<'_>, redacted_keys: &[String]) -> String {
    let ClientRequestFacts { scheme, authority, path, query, .. } = *facts;
    let host = without_userinfo(authority);
    let userinfo = if host.len() == authority.len() { "" } else { REDACTED_USERINFO };
    let query = query.map(|query| redact_query(query, redacted_keys));
    let (mark, query) = query.as_deref().map_or(("", ""), |query| ("?", query));
    [scheme, "://", userinfo, host, path, mark, query].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::settings::HttpSettings;

    #[test]
    fn a_url_keeps_everything_but_its_secrets() {
        let keys = HttpSettings::default().redacted_query_keys;
        for (authority, path, query, expected) in [
            ("example.com", "/", None, "https://example.com/"),
            ("[::1]:8443", "/a%20b", Some(""), "https://[::1]:8443/a%20b?"),
            ("user:pass@example.com", "/a", Some("b=1"), "https://REDACTED:REDACTED@example.com/a?b=1"),
            ("user@example.com", "/", None, "https://REDACTED:REDACTED@example.com/"),
            ("a@b:c@example.com", "/", None, "https://REDACTED:REDACTED@example.com/"),
            ("example.com", "/x", Some("sig=abc&a=1"), "https://example.com/x?sig=REDACTED&a=1"),
        ] {
            let facts = ClientRequestFacts { query, ..ClientRequestFacts::new("GET", "https", authority, path) };
            assert_eq!(full(&facts, &keys), expected);
        }
    }
}
