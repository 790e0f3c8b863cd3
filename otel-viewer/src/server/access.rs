//! Host, origin and token: they keep out pages of other origins, foreign names that resolve to loopback, and other
//! users of the machine.

use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::{HeaderMap, Request};

/// Names of this machine. Any other name belongs to a page of an attacker that was
/// [rebound](https://en.wikipedia.org/wiki/DNS_rebinding) to loopback.
const HOSTS: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Checks the `Host` and `Origin` of a request.
///
/// # Errors
///
/// Returns the reason for refusing it.
pub(super) fn check_host_and_origin(headers: &HeaderMap) -> Result<(), &'static str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(HOST).unwrap_or_default();
    if headers.get_all(HOST).iter().count() != 1 || !HOSTS.contains(&without_port(host)) {
        return Err("the viewer answers only at 127.0.0.1 and localhost");
    }
    // Browsers send it with all requests except plain navigation, and pages cannot change it.
    let is_own = |origin: &str| origin.strip_prefix("http://").is_some_and(|rest| rest.eq_ignore_ascii_case(host));
    if headers.contains_key(ORIGIN) && !text(ORIGIN).is_some_and(is_own) {
        return Err("the viewer answers no page of another origin");
    }
    Ok(())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Returns `true` if the request has the token, in its query or as `Authorization: Bearer …`.
pub(super) fn has_token<B>(request: &Request<B>, token: &str) -> bool {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header.and_then(|value| value.strip_prefix("Bearer "));
    let query = request.uri().query().unwrap_or_default();
    let in_query = query.split('&').find_map(|parameter| parameter.strip_prefix("token="));
    bearer.or(in_query).is_some_and(|given| is_equal(given.as_bytes(), token.as_bytes()))
}

/// Compares in a time that does not depend on the position of a difference.
fn is_equal(given: &[u8], token: &[u8]) -> bool {
    given.len() == token.len() && given.iter().zip(token).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn check(host: &'static str, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static(host));
        origin.map(|origin| headers.insert(ORIGIN, HeaderValue::from_static(origin)));
        check_host_and_origin(&headers).is_ok()
    }

    #[test]
    fn names_of_this_machine_alone() {
        for host in ["127.0.0.1:4318", "localhost:4318", "localhost", "[::1]:4318", "[::1]"] {
            assert!(check(host, None), "{host}");
        }
        for host in ["evil.example:4318", "127.0.0.1.evil.example", "localhost.evil.example", "", "127.0.0.1:80x"] {
            assert!(!check(host, None), "{host}");
        }
        assert!(check_host_and_origin(&HeaderMap::new()).is_err(), "no host at all");
    }

    #[test]
    fn the_own_origin_alone() {
        assert!(check("localhost:4318", Some("http://localhost:4318")));
        for origin in
            ["http://evil.example", "null", "http://localhost:8080", "https://localhost:4318", "localhost:4318"]
        {
            assert!(!check("localhost:4318", Some(origin)), "{origin}");
        }
    }

    #[test]
    fn the_token_in_the_query_or_in_the_header() {
        let has = |uri: &str, header: Option<&str>| {
            let mut request = Request::builder().uri(uri);
            if let Some(header) = header {
                request = request.header(AUTHORIZATION, header);
            }
            request.body(()).is_ok_and(|request| has_token(&request, "secret"))
        };
        assert!(has("/?a=b&token=secret", None) && has("/", Some("Bearer secret")));
        for (uri, header) in [
            ("/", None),
            ("/?token=", None),
            ("/?token=secre", None),
            ("/?xtoken=secret", None),
            ("/?token=secret", Some("Bearer wrong!")),
            ("/", Some("Basic secret")),
        ] {
            assert!(!has(uri, header), "{uri} {header:?}");
        }
    }
}
