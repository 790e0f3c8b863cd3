//! The part of a setting's value that messages may show.
//!
//! A credential stands in the wrong variable sometimes, or in a value with a slip of the pen. So the parts that can be a
//! credential are left out of every value: everything of a URL but its scheme, host and port, and the text after `=`.

use std::net::Ipv6Addr;
use std::path::Path;

const REDACTED: &str = "REDACTED";

/// Signs of the content of a file: a key in PEM, or several lines.
const CONTENT: [&str; 3] = ["-----BEGIN ", "\n", "\r"];

/// The longest name of a file or folder that is shown. Most keys are longer.
const LONGEST_NAME: usize = 64;

/// A value of any variable. Messages may show the result again: a second call changes nothing.
pub(crate) fn value(value: &str) -> String {
    if CONTENT.iter().any(|sign| value.contains(sign)) {
        return REDACTED.to_owned();
    }
    if value.contains("://") || value.contains('@') {
        return url(value);
    }
    match value.split_once('=') {
        Some((name, _)) if name.bytes().all(is_of_name) => format!("{name}=…"),
        Some(_) => REDACTED.to_owned(),
        None => value.to_owned(),
    }
}

/// A URL, or a text in place of one: scheme, host and port, and the path of a signal. User info, path and query may be or
/// hold credentials. A text that is no URL has a host only if nothing else can be meant.
pub(crate) fn url(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let separator = if url.contains("://") { "://" } else { "" };
    if !scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return REDACTED.to_owned();
    }
    let (authority, rest) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    let (user_info, host) = match authority.rsplit_once('@') {
        Some((_, host)) => ("REDACTED:REDACTED@", host),
        None => ("", authority),
    };
    // A password may hold the signs that end an authority: then nothing is sure to be the host. A word alone may be a
    // credential as well.
    let is_sure = !rest.contains('@') && is_host_and_port(host, !separator.is_empty() || !user_info.is_empty());
    if !is_sure {
        return format!("{scheme}{separator}{REDACTED}");
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let signal = ["/v1/traces", "/v1/metrics", "/v1/logs"].into_iter().find(|signal| path.ends_with(signal));
    let path = match (path, signal) {
        ("" | "/", _) => path.to_owned(),
        (path, Some(signal)) if path == signal => path.to_owned(),
        (_, signal) => format!("/{REDACTED}{}", signal.unwrap_or_default()),
    };
    format!("{scheme}{separator}{user_info}{host}{path}")
}

/// A path. `None` if the text may be a key in place of the path of its file: no such file exists, and the text does not look
/// like a path, which has a dot or starts at a root, and short names.
pub(crate) fn path(path: &Path) -> Option<String> {
    let text = path.to_string_lossy();
    let is_printable = || {
        let starts_at_root = text.starts_with(['/', '~']) || text.get(1..).is_some_and(|rest| rest.starts_with(":\\"));
        let has_short_names = text.split(['/', '\\']).all(|name| name.len() <= LONGEST_NAME);
        value(&text) == text && has_short_names && (starts_at_root || text.contains('.'))
    };
    (path.exists() || is_printable()).then(|| text.into_owned())
}

/// Returns `true` for a host, and the port behind it, which may be left out if `port_is_optional`.
fn is_host_and_port(text: &str, port_is_optional: bool) -> bool {
    let (is_host, rest) = if let Some(literal) = text.strip_prefix('[') {
        let Some((address, rest)) = literal.split_once(']') else { return false };
        (address.parse::<Ipv6Addr>().is_ok(), rest)
    } else {
        let (host, rest) = text.find(':').map_or((text, ""), |at| text.split_at(at));
        (host.bytes().all(is_of_name), rest)
    };
    let is_port = match rest.strip_prefix(':') {
        Some("") => port_is_optional,
        Some(port) => port.parse::<u16>().is_ok(),
        None => rest.is_empty() && port_is_optional,
    };
    is_host && is_port
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_host_but_no_secret() {
        for (text, expected) in [
            ("http://h:4318", "http://h:4318"),
            ("http://h:4318/v1/traces", "http://h:4318/v1/traces"),
            ("HTTP://[::1]:4318", "HTTP://[::1]:4318"),
            ("c:1", "c:1"),
            ("ftp://h-1.example_2/", "ftp://h-1.example_2/"),
            ("http://h/secret/v1/logs?token=secret", "http://h/REDACTED/v1/logs"),
            ("https://me:secret@h:1/secret?token=secret", "https://REDACTED:REDACTED@h:1/REDACTED"),
            ("http://me:sec^ret@h", "http://REDACTED:REDACTED@h"),
            ("me:secret@h", "REDACTED:REDACTED@h"),
            ("http://me:secr/et@h", "http://REDACTED"),
            ("http://me:12/secret@h", "http://REDACTED"),
            ("me:secret#@h", "REDACTED"),
            ("http://h?token=secret", "http://h"),
            // The `@` is encoded, or the host is missing.
            ("http://me:secret%40h:4318", "http://REDACTED"),
            ("http://secret%40h:4318", "http://REDACTED"),
            ("http://me:secret", "http://REDACTED"),
            ("http://me:65536", "http://REDACTED"),
            ("me:secret", "REDACTED"),
            ("secret", "REDACTED"),
            ("http://me@secret@h:x", "http://REDACTED"),
            ("http://[secret", "http://REDACTED"),
            ("http://[secret]", "http://REDACTED"),
            ("me:secret://h", "REDACTED"),
        ] {
            assert_eq!(url(text), expected, "{text}");
            assert_eq!(value(&url(text)), expected, "the same again");
        }
    }

    #[test]
    fn a_value_is_shown_up_to_what_may_be_a_secret() {
        for (text, expected) in [
            ("parentbased_always_on", "parentbased_always_on"),
            ("10 s", "10 s"),
            ("(?i)^/health", "(?i)^/health"),
            ("api-key=secret", "api-key=…"),
            ("api-key=…", "api-key=…"),
            ("authorization=Bearer secret,x=y", "authorization=…"),
            ("secret word=x", "REDACTED"),
            ("endpoint=http://me:secret@h,interval=5", "REDACTED"),
            ("otlp,http://me:secret@h", "REDACTED"),
            ("http://me:secret@h/x", "http://REDACTED:REDACTED@h/REDACTED"),
            ("http://me:sec=ret", "http://REDACTED"),
            ("-----BEGIN PRIVATE KEY-----", "REDACTED"),
            ("file_format: 1\nheaders_list: secret", "REDACTED"),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn a_key_is_no_path() {
        for text in ["/etc/ssl/ca", "ca.pem", "../keys/client", "~/key", r"C:\keys\client", "."] {
            assert_eq!(path(Path::new(text)).as_deref(), Some(text), "{text}");
        }
        let existing = std::env::current_dir().unwrap_or_default();
        assert!(path(&existing).is_some());
        let key = "MC4CAQAwBQYDK2VwBCIEIHN/M2NyZXQ+";
        let token = format!("eyJhbGciOiJIUzI1NiJ9.{}.x", "eyJzdWIiOiIxMjM0NTY3ODkwIn0".repeat(3));
        for text in [key, &key.repeat(40), &token, "", "-----BEGIN PRIVATE KEY-----.", "https://me:secret@h/ca.pem"] {
            assert_eq!(path(Path::new(text)), None, "{text}");
        }
    }
}
