//! `server.address` and `server.port` out of a `Host` header or `:authority`.

/// Host and port of a request's authority, as sent: nothing is resolved or decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Authority<'a> {
    /// Name or address without port and without IPv6 brackets. Never empty.
    pub(super) host: &'a str,
    /// The port, when one was given and is a number.
    pub(super) port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Splits `[userinfo@]host[:port]`; `None` when there is no host in it.
    ///
    /// A port that is not a number of 16 bits is left out rather than guessed. Brackets are taken off IPv6 addresses:
    /// `[::1]:8080` is the address `::1` and the port 8080. A bare IPv6 address has no port
    /// ([RFC 3986, section 3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2) requires brackets otherwise).
    pub(super) fn parse(authority: &'a str) -> Option<Self> {
        let host_and_port = without_userinfo(authority).trim();
        let (host, port) = match host_and_port.strip_prefix('[') {
            Some(literal) => {
                // An IPv6 address that is cut off is no address.
                let (address, rest) = split_once(literal, b']')?;
                (address, rest.strip_prefix(':'))
            }
            None => match split_once(host_and_port, b':') {
                // More than one colon: a bare IPv6 address.
                Some((_, rest)) if rest.bytes().any(|byte| byte == b':') => (host_and_port, None),
                Some((host, port)) => (host, Some(port)),
                None => (host_and_port, None),
            },
        };
        (!host.is_empty()).then(|| Self { host, port: port.and_then(parse_port) })
    }
}

/// The authority without `userinfo@`: it does not belong there (RFC 9110, section 4.2.4), and where a client sends it all
/// the same, it may hold a password.
pub(super) fn without_userinfo(authority: &str) -> &str {
    let at = authority.bytes().rposition(|byte| byte == b'@');
    at.and_then(|at| authority.get(at + 1..)).unwrap_or(authority)
}

/// As `str::split_once`, faster for the few bytes that an authority has.
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
