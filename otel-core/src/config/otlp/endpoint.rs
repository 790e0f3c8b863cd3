//! Endpoint URLs.

use crate::config::problem::Problem;
use crate::config::source::Source;

/// What an endpoint is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Http,
    /// The scheme may be missing, which means TLS.
    Grpc,
    /// The scheme may be missing, which means no TLS (`…_INSECURE=true`).
    GrpcInsecure,
}

/// A URL that can be sent to, or `fallback` if unset or not one.
pub(super) fn read(source: &mut Source<'_>, variable: &str, fallback: &str, kind: Kind) -> String {
    let Some(value) = source.text(variable) else { return fallback.to_owned() };
    let url = match kind {
        Kind::Grpc if !value.contains("://") => format!("https://{value}"),
        Kind::GrpcInsecure if !value.contains("://") => format!("http://{value}"),
        _ => value.clone(),
    };
    match check(&url, kind) {
        Ok(()) => url,
        Err(reason) => {
            source.report(Problem::new(variable, shown(&value), reason, shown(fallback)));
            fallback.to_owned()
        }
    }
}

fn check(url: &str, kind: Kind) -> Result<(), &'static str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err("expected a URL that starts with http:// or https://");
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err("expected a URL that starts with http:// or https://");
    }
    if url.bytes().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()) {
        return Err("a URL contains no white space");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.is_empty() || host.starts_with(':') {
        return Err("the URL has no host");
    }
    // What follows the last colon outside the brackets of an IPv6 address is the port.
    let port = host.rsplit_once(']').map_or(host, |(_, after)| after).split_once(':');
    if port.is_some_and(|(_, port)| !port.is_empty() && port.parse::<u16>().is_err()) {
        return Err("the port is not a number from 0 to 65535");
    }
    if cfg!(not(feature = "tls")) && kind == Kind::Http && scheme.eq_ignore_ascii_case("https") {
        return Err("this build speaks no TLS, its cargo feature `tls` is off");
    }
    Ok(())
}

/// Appends the path of a signal to the general endpoint, before its query if it has one.
pub(super) fn join(base: &str, path: &str) -> String {
    let (url, query) = base.find('?').map_or((base, ""), |at| base.split_at(at));
    format!("{}/{path}{query}", url.trim_end_matches('/'))
}

/// A URL without what may be secret: user info and query.
pub(super) fn shown(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        // Not a URL. Whatever stands before an `@` may still be a password.
        return url.rsplit_once('@').map_or_else(|| url.to_owned(), |(_, host)| format!("REDACTED:REDACTED@{host}"));
    };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://REDACTED:REDACTED@{host}{path}"),
        None => url.to_owned(),
    }
}

/// Scheme, host and port of a URL.
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
pub(super) fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_can_be_sent_to() {
        for url in ["http://localhost:4318", "HTTP://user:pass@[::1]:4318/x?y=z", "http://10.0.0.1/", "http://h:"] {
            assert_eq!(check(url, Kind::Http), Ok(()), "{url}");
        }
        for url in
            ["localhost:4318", "ftp://h", "http://", "http://:4318", "http://a b", "http://h:65536", "/x", "://h"]
        {
            assert!(check(url, Kind::Http).is_err(), "{url}");
        }
    }

    #[test]
    fn a_signal_path_is_appended_once() {
        assert_eq!(join("http://h:4318", "v1/traces"), "http://h:4318/v1/traces");
        assert_eq!(join("http://h/base/", "v1/traces"), "http://h/base/v1/traces");
        assert_eq!(join("http://h/base?key=1", "v1/traces"), "http://h/base/v1/traces?key=1");
    }

    #[cfg(any(feature = "grpc", feature = "otlp-http"))]
    #[test]
    fn signals_of_one_collector_share_an_origin() {
        assert_eq!(origin("http://h:4318/v1/traces"), origin("HTTP://me:secret@H:4318/v1/metrics?key=1"));
        assert_ne!(origin("http://h:4318"), origin("http://h:4317"));
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(shown("https://me:secret@h:1/p?token=secret"), "https://REDACTED:REDACTED@h:1/p");
        assert_eq!(shown("me:secret@h"), "REDACTED:REDACTED@h");
        assert_eq!(shown("http://h/path@x"), "http://h/path@x");
    }
}
