//! `server.address` and `server.port`, from a `Host` header or `:authority`.

/// Host and port of a request's authority, neither resolved nor decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Authority<'a> {
    /// The name or address, without port and IPv6 brackets. Never empty.
    pub(super) host: &'a str,
    /// The port, if there is one and it is a number.
    pub(super) port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Splits `[userinfo@]host[:port]`. `None` if there is no host.
    ///
    /// A port that is not a number of 16 bits is left out. Brackets around IPv6 addresses are removed:
    /// `[::1]:8080` is the address `::1` and the port 8080. A bare IPv6 address has no port
    /// ([RFC 3986, section 3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2) requires brackets otherwise).
    pub(super) fn parse(authority: &'a str) -> Option<Self> {
        let host_and_port = without_userinfo(authority).trim();
        let (host, port) = match host_and_port.strip_prefix('[') {
            Some(literal) => {
                // The end of the IPv6 address is missing.
                let (address, rest) = split_once(literal, b']')?;
                (address, rest.strip_prefix(':'))
            }
            None => match split_once(host_and_port, b':') {
                // Several colons: an IPv6 address without brackets.
                Some((_, rest)) if rest.bytes().any(|byte| byte == b':') => (host_and_port, None),
                Some((host, port)) => (host, Some(port)),
                None => (host_and_port, None),
            },
        };
        (!host.is_empty()).then(|| Self { host, port: port.and_then(parse_port) })
    }
}

/// The authority without `userinfo@`. User information is not allowed
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.4)); if a client sends it, it may hold a password.
pub(super) fn without_userinfo(authority: &str) -> &str {
    let at = authority.bytes().rposition(|byte| byte == b'@');
    at.and_then(|at| authority.get(at + 1..)).unwrap_or(authority)
}

/// As `str::split_once`, but faster for the few bytes of an authority.
fn split_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

fn parse_port(digits: &str) -> Option<u16> {
    // `u16::from_str` would accept a leading `+`.
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_hosts_and_ports() {
        for (input, host, port) in [
            ("localhost:8082", "localhost", Some(8082)),
            ("example.com", "example.com", None),
            ("127.0.0.1:80", "127.0.0.1", Some(80)),
            // opentelemetry-instrumentation-actix-web records "[" here
            ("[::1]:8080", "::1", Some(8080)),
            ("[::1]", "::1", None),
            ("::1", "::1", None),
            ("2001:db8::1", "2001:db8::1", None),
            ("user:secret@example.com:9", "example.com", Some(9)),
            ("example.com:", "example.com", None),
            ("example.com:http", "example.com", None),
            ("example.com:+80", "example.com", None),
            ("example.com:65536", "example.com", None),
            ("[::1]junk", "::1", None),
        ] {
            assert_eq!(Authority::parse(input), Some(Authority { host, port }), "{input}");
        }
    }

    #[test]
    fn nothing_without_a_host() {
        for input in ["", " ", ":8080", "[]", "[]:80", "user@", "[::1", "["] {
            assert_eq!(Authority::parse(input), None, "{input:?}");
        }
    }
}
