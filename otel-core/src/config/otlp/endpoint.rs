//! Endpoint URLs: checked, and separated from the credentials that they may hold.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::Uri;
use percent_encoding::percent_decode_str;

use crate::config::printable;
use crate::config::problem::Problem;
use crate::config::source::Source;

/// The protocol of an endpoint, which gives the default of its scheme.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EndpointKind {
    Http,
    /// The scheme may be missing, which means TLS.
    Grpc,
    /// The scheme may be missing, which means no TLS (`…_INSECURE=true`).
    GrpcInsecure,
}

/// A valid URL of a collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// The URL without user info.
    pub(super) url: String,
    /// The value of the `Authorization` header that follows from the user info.
    pub(super) authorization: Option<String>,
}

impl Endpoint {
    pub(super) fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), authorization: None }
    }

    /// Appends the path of a signal to the general endpoint, before its query if it has one.
    pub(super) fn join(&self, path: &str) -> Self {
        let (url, query) = self.url.find('?').map_or((self.url.as_str(), ""), |at| self.url.split_at(at));
        Self { url: format!("{}/{path}{query}", url.trim_end_matches('/')), ..self.clone() }
    }
}

/// Reads a URL. Returns `fallback` if the variable is unset or holds no URL of a collector.
pub(super) fn read(source: &mut Source<'_>, variable: &str, fallback: &Endpoint, kind: EndpointKind) -> Endpoint {
    let Some(value) = source.text(variable) else { return fallback.clone() };
    let url = match kind {
        EndpointKind::Grpc if !value.contains("://") => format!("https://{value}"),
        EndpointKind::GrpcInsecure if !value.contains("://") => format!("http://{value}"),
        _ => value.clone(),
    };
    let endpoint = split_user_info(&url);
    match as_typed(&value).and_then(|()| check(&endpoint.url)) {
        Ok(uri) => {
            if is_unreachable(&uri) {
                let reason = "this build has no TLS, its cargo features `tls-ring` and `tls-aws-lc` are off";
                source.report(Problem::new(variable, printable::url(&endpoint.url), reason, "no OTLP exporter"));
            }
            endpoint
        }
        Err(reason) => {
            source.report(Problem::new(variable, printable::url(&value), reason, printable::url(&fallback.url)));
            fallback.clone()
        }
    }
}

/// Returns `true` if this build lacks a feature that the URL needs.
pub(super) fn is_unreachable(uri: &Uri) -> bool {
    cfg!(all(feature = "_otlp", not(feature = "_tls"))) && uri.scheme_str() == Some("https")
}

/// Finds marks of a shell in a value that no shell has read, such as a line of a file for `docker run --env-file`.
fn as_typed(value: &str) -> Result<(), &'static str> {
    if value.starts_with(['"', '\'']) {
        return Err("the value has quotation marks around it");
    }
    if value.contains('$') { Err("the value has a variable that nothing replaced") } else { Ok(()) }
}

fn check(url: &str) -> Result<Uri, &'static str> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    if !scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")) {
        return Err("expected a URL that starts with http:// or https://");
    }
    if url.bytes().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()) {
        return Err("a URL contains no white space");
    }
    if url.split(['/', '?', '#']).nth(2).is_none_or(|authority| authority.is_empty() || authority.starts_with(':')) {
        return Err("the URL has no host");
    }
    let uri: Uri = url.parse().map_err(|_| "not a URL")?;
    let authority = uri.authority().map_or("", http::uri::Authority::as_str);
    let port = authority.get(uri.host().unwrap_or_default().len()..).unwrap_or_default();
    if !matches!(port, "" | ":") && uri.port_u16().is_none() {
        return Err("the port is not a number from 0 to 65535");
    }
    Ok(uri)
}

/// Takes user info out of a URL; [`http::Uri`] would refuse some passwords that servers accept.
fn split_user_info(url: &str) -> Endpoint {
    let plain = || Endpoint::new(url);
    let Some((scheme, rest)) = url.split_once("://") else { return plain() };
    let (authority, rest) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    let Some((user_info, host)) = authority.rsplit_once('@') else { return plain() };
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let decoded = |text| percent_decode_str(text).collect::<Vec<u8>>();
    let credentials = [decoded(user).as_slice(), b":", decoded(password).as_slice()].concat();
    let authorization = format!("Basic {}", BASE64_STANDARD.encode(credentials));
    Endpoint { url: format!("{scheme}://{host}{rest}"), authorization: Some(authorization) }
}

/// The scheme, host and port of a URL that was [read](read).
#[cfg(feature = "_otlp")]
pub(super) fn origin(url: &str) -> String {
    let end = url.match_indices(['/', '?', '#']).nth(2).map_or(url.len(), |(at, _)| at);
    url.get(..end).unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_can_be_sent_to() {
        for url in ["http://localhost:4318", "HTTP://[::1]:4318/x?y=z", "http://10.0.0.1/", "http://h:"] {
            assert!(check(url).is_ok(), "{url}: {:?}", check(url));
        }
        for url in [
            "localhost:4318",
            "ftp://h",
            "http://",
            "http://:4318",
            "http://a b",
            "http://h:65536",
            "http://h:x",
            "/x",
            "://h",
            "http://[::1",
            "http://h^st",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
    }

    #[test]
    fn values_that_no_shell_has_read() {
        for value in ["\"http://h:4318\"", "'http://h:4318'", "http://$HOST:4318", "${ENDPOINT}"] {
            assert!(as_typed(value).is_err(), "{value}");
        }
        assert_eq!(as_typed("http://h:4318"), Ok(()));
    }

    #[test]
    fn a_signal_path_is_appended_once() {
        let joined = |base: &str| Endpoint::new(base).join("v1/traces").url;
        assert_eq!(joined("http://h:4318"), "http://h:4318/v1/traces");
        assert_eq!(joined("http://h/base/"), "http://h/base/v1/traces");
        assert_eq!(joined("http://h/base?key=1"), "http://h/base/v1/traces?key=1");
    }

    #[test]
    fn user_info_becomes_a_header() {
        // The credentials of RFC 7617, and some that a URI may only hold encoded.
        for (user_info, encoded) in [
            ("Aladdin:open%20sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("u:s3c^ret", "dTpzM2NecmV0"),
            ("u:p@ss", "dTpwQHNz"),
            ("token", "dG9rZW46"),
        ] {
            let endpoint = split_user_info(&format!("http://{user_info}@h:1/p@th?q=@"));
            assert_eq!(endpoint.url, "http://h:1/p@th?q=@", "{user_info}");
            assert_eq!(endpoint.authorization, Some(format!("Basic {encoded}")), "{user_info}");
        }
        assert_eq!(split_user_info("http://h/p@th"), Endpoint::new("http://h/p@th"));
    }

    #[cfg(feature = "_otlp")]
    #[test]
    fn signals_of_one_collector_share_an_origin() {
        assert_eq!(origin("http://h:4318/v1/traces"), origin("HTTP://H:4318/v1/metrics?key=1"));
        assert_eq!(origin("http://h:4318?key=1"), "http://h:4318");
        assert_ne!(origin("http://h:4318"), origin("http://h:4317"));
    }
}
