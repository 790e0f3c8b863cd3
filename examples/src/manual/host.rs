//! The `Host` header: where the client believes it has connected to.

use std::net::Ipv6Addr;

/// `uri-host [ ":" port ]` of [RFC 9110, section 7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Host<'a> {
    /// Name or IP address, without brackets.
    pub(super) address: &'a str,
    /// The port, if there is one.
    pub(super) port: Option<u16>,
}

impl<'a> Host<'a> {
    /// `None` for anything that is not a host: a client can send whatever it likes.
    pub(super) fn parse(header: &'a str) -> Option<Self> {
        let (address, rest) = match header.strip_prefix('[') {
            Some(literal) => {
                let (address, rest) = literal.split_once(']')?;
                address.parse::<Ipv6Addr>().ok()?;
                (address, rest)
            }
            None => {
                let (address, rest) = header.split_at(header.find(':').unwrap_or(header.len()));
                let name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte);
                if address.is_empty() || !address.bytes().all(name) {
                    return None;
                }
                (address, rest)
            }
        };
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => None,
            Some("") => None,
            Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(port.parse().ok()?),
            _ => return None,
        };
        Some(Self { address, port })
    }
}

#[cfg(test)]
mod tests {
    use super::Host;

    #[test]
    fn parses_hosts() {
        for (header, address, port) in [
            ("localhost:8082", "localhost", Some(8082)),
            ("example.com", "example.com", None),
            ("example.com:", "example.com", None),
            ("127.0.0.1:1", "127.0.0.1", Some(1)),
            ("[::1]:8080", "::1", Some(8080)),
            ("[fe80::1]", "fe80::1", None),
        ] {
            assert_eq!(Host::parse(header), Some(Host { address, port }), "{header}");
        }
    }

    #[test]
    fn rejects_the_rest() {
        for header in ["", ":8080", "a b", "a:99999", "a:+1", "a:b", "::1", "[::1", "[]", "[x]:1", "[::1]x", "u@h", "h/p"] {
            assert_eq!(Host::parse(header), None, "{header}");
        }
    }
}
