//! The `Host` header: the server as the client names it.

/// `uri-host [ ":" port ]` of [RFC 9110, section 7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Host<'a> {
    /// Name or IP address, without brackets.
    pub(super) address: &'a str,
    /// The port, if there is a valid one.
    pub(super) port: Option<u16>,
}

impl<'a> Host<'a> {
    /// Reads any text that a client may send. `None` if there is no host.
    pub(super) fn parse(header: &'a str) -> Option<Self> {
        // Credentials do not belong here, and must not be recorded.
        let (_, header) = header.rsplit_once('@').unwrap_or(("", header));
        let (address, port) = match header.strip_prefix('[') {
            Some(literal) => literal.split_once(']')?,
            // Without brackets several colons are an IPv6 address, and there is no port.
            None if header.matches(':').count() > 1 => (header, ""),
            None => header.split_at(header.find(':').unwrap_or(header.len())),
        };
        let digits = |port: &&str| port.bytes().all(|byte| byte.is_ascii_digit());
        let port = port.strip_prefix(':').filter(digits).and_then(|port| port.parse().ok());
        (!address.is_empty()).then_some(Self { address, port })
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
            ("::1", "::1", None),
            ("example.com:99999", "example.com", None),
            ("example.com:+1", "example.com", None),
            ("user:secret@example.com:1", "example.com", Some(1)),
        ] {
            assert_eq!(Host::parse(header), Some(Host { address, port }), "{header}");
        }
    }

    #[test]
    fn no_host_is_none() {
        for header in ["", ":8080", "[::1", "[]:1", "user@"] {
            assert_eq!(Host::parse(header), None, "{header}");
        }
    }
}
