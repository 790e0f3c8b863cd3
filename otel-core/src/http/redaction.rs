//! Redacts the values of query keys that are known to hold secrets.

use std::borrow::Cow;

const REDACTED: &str = "REDACTED";

/// Replaces the values of sensitive keys by `REDACTED`, and keeps every other byte. Allocates only if a value is replaced.
pub(super) fn redact_query<'a>(query: &'a str, keys: &[String]) -> Cow<'a, str> {
    if !query.as_bytes().split(|&byte| byte == b'&').any(|pair| is_sensitive(pair, keys)) {
        return Cow::Borrowed(query);
    }
    let mut redacted = String::with_capacity(query.len() + REDACTED.len());
    for (index, pair) in query.split('&').enumerate() {
        if index > 0 {
            redacted.push('&');
        }
        match pair.split_once('=') {
            Some((key, _)) if is_sensitive(pair.as_bytes(), keys) => {
                redacted.push_str(key);
                redacted.push('=');
                redacted.push_str(REDACTED);
            }
            _ => redacted.push_str(pair),
        }
    }
    Cow::Owned(redacted)
}

fn is_sensitive(pair: &[u8], keys: &[String]) -> bool {
    let Some(equals) = pair.iter().position(|&byte| byte == b'=') else { return false };
    let has_value = equals + 1 < pair.len();
    has_value && pair.get(..equals).is_some_and(|key| keys.iter().any(|other| other.as_bytes() == key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::settings::HttpSettings;

    #[test]
    fn values_of_sensitive_keys_are_replaced_and_bytes_around_them_kept() {
        let keys = HttpSettings::default().redacted_query_keys;
        for (query, expected) in [
            ("sig=abc", "sig=REDACTED"),
            (
                "param=1&sig=abc&Signature=zz&AWSAccessKeyId=k&X-Goog-Signature=g",
                "param=1&sig=REDACTED&Signature=REDACTED&AWSAccessKeyId=REDACTED&X-Goog-Signature=REDACTED",
            ),
            ("a=%20b&&sig=a=b&", "a=%20b&&sig=REDACTED&"),
            ("X-Amz-Security-Token=t&X-Amz-Credential=c", "X-Amz-Security-Token=REDACTED&X-Amz-Credential=REDACTED"),
        ] {
            assert_eq!(redact_query(query, &keys), expected);
        }
    }

    #[test]
    fn other_queries_are_borrowed_unchanged() {
        let keys = HttpSettings::default().redacted_query_keys;
        for query in ["", "a=b", "SIG=abc", "signature=abc", "sig", "sig=", "design=sig", "%73ig=abc"] {
            assert!(matches!(redact_query(query, &keys), Cow::Borrowed(same) if same == query), "{query}");
        }
    }
}
