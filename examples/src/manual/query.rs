//! Removes credentials from a query.

/// The parameters the conventions name as sensitive.
const SENSITIVE: [&str; 7] = [
    "AWSAccessKeyId",
    "Signature",
    "sig",
    "X-Goog-Signature",
    "X-Amz-Signature",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
];

/// Replaces the values of sensitive parameters, and nothing else.
pub(super) fn redact(query: &str) -> String {
    let redacted = query.split('&').map(|parameter| match parameter.split_once('=') {
        Some((key, _)) if SENSITIVE.contains(&key) => format!("{key}=REDACTED"),
        _ => parameter.to_owned(),
    });
    redacted.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn only_sensitive_values_change() {
        assert_eq!(redact("a=1&sig=s3cret&&Sig=x&sig&b=%20"), "a=1&sig=REDACTED&&Sig=x&sig&b=%20");
        assert_eq!(redact("param=testing"), "param=testing");
    }
}
