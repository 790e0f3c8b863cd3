use super::*;
use crate::http::HeaderLookup;
use crate::http::HttpVersion;
use crate::http::settings::HttpSettings;
use opentelemetry::{KeyValue, Value};
use std::sync::LazyLock;

static DEFAULT: LazyLock<HttpSettings> = LazyLock::new(HttpSettings::default);

pub(crate) const SEED: RequestFacts<'_> = RequestFacts {
    method: "GET",
    path: "/server_request",
    query: Some("param=testing"),
    scheme: "http",
    authority: Some(b"localhost:8082"),
    peer: Some(std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 40_000)),
    local: Some(std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8082)),
    version: HttpVersion::Http11,
    headers: &(),
};

/// A message whose only header is the user agent.
struct UserAgent(&'static [u8]);

impl HeaderLookup for UserAgent {
    fn first(&self, name: &str) -> Option<&[u8]> {
        (name == "user-agent").then_some(self.0)
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        visitor("user-agent", self.0);
    }
}

/// All attributes of a request answered with `status`, as `key=value` with the value's kind.
fn recorded(facts: &RequestFacts<'_>, status: u16, route: Option<&'static str>, mode: SemconvMode) -> Vec<String> {
    let settings = HttpSettings { semconv: mode, ..HttpSettings::default() };
    let mut all: Vec<KeyValue> = Vec::new();
    let method = RequestMethod::classify(facts.method, &DEFAULT);
    of_request(facts, &Seen::new(facts, &settings), method, &settings, &mut all);
    of_response(status, route, &settings, &mut all);
    all.iter()
        .map(|kv| match &kv.value {
            Value::I64(number) => format!("{}={number}", kv.key),
            other => format!("{}={:?}", kv.key, other.as_str()),
        })
        .collect()
}

#[test]
fn stable() {
    let facts = RequestFacts { headers: &UserAgent(b"curl/8.0"), ..SEED };
    assert_eq!(
        recorded(&facts, 200, Some("/server_request"), SemconvMode::Stable),
        [
            r#"http.request.method="GET""#,
            r#"url.scheme="http""#,
            r#"network.protocol.version="1.1""#,
            r#"url.path="/server_request""#,
            r#"url.query="param=testing""#,
            r#"server.address="localhost""#,
            "server.port=8082",
            r#"client.address="127.0.0.1""#,
            r#"network.peer.address="127.0.0.1""#,
            "network.peer.port=40000",
            r#"user_agent.original="curl/8.0""#,
            r#"http.route="/server_request""#,
            "http.response.status_code=200",
        ]
    );
}

#[test]
fn old() {
    assert_eq!(
        recorded(&SEED, 200, Some("/server_request"), SemconvMode::Old),
        [
            r#"component="http""#,
            r#"http.method="GET""#,
            r#"http.server_name="127.0.0.1""#,
            r#"http.scheme="http""#,
            "host.port=8082",
            "net.host.port=8082",
            r#"net.host.name="localhost""#,
            r#"http.host="localhost:8082""#,
            r#"http.target="/server_request?param=testing""#,
            r#"net.peer.ip="127.0.0.1""#,
            "net.peer.port=40000",
            r#"http.flavor="1.1""#,
            r#"http.route="/server_request""#,
            r#"http.status_text="OK""#,
            "http.status_code=200",
        ]
    );
}

#[test]
fn dup_is_both_and_nothing_twice() {
    let dup = recorded(&SEED, 200, Some("/r"), SemconvMode::Dup);
    for mode in [SemconvMode::Stable, SemconvMode::Old] {
        for attribute in recorded(&SEED, 200, Some("/r"), mode) {
            assert_eq!(dup.iter().filter(|other| **other == attribute).count(), 1, "{attribute}");
        }
    }
}

#[test]
fn what_is_absent_is_not_invented() {
    let bare = RequestFacts { query: None, authority: None, peer: None, local: None, ..SEED };
    assert_eq!(
        recorded(&bare, 404, None, SemconvMode::Stable),
        [
            r#"http.request.method="GET""#,
            r#"url.scheme="http""#,
            r#"network.protocol.version="1.1""#,
            r#"url.path="/server_request""#,
            "http.response.status_code=404",
        ]
    );
}

#[test]
fn the_scheme_gives_the_port_that_the_authority_leaves_out() {
    let https = RequestFacts { authority: Some(b"example.com"), scheme: "https", ..SEED };
    assert!(recorded(&https, 200, None, SemconvMode::Stable).contains(&"server.port=443".to_owned()));
    let http = RequestFacts { authority: Some(b"example.com"), ..SEED };
    assert!(recorded(&http, 200, None, SemconvMode::Stable).contains(&"server.port=80".to_owned()));
}

#[test]
fn secrets_of_the_query_are_redacted_in_every_generation() {
    let signed = RequestFacts { query: Some("a=1&sig=abc"), ..SEED };
    let all = recorded(&signed, 200, None, SemconvMode::Dup);
    assert!(all.contains(&r#"url.query="a=1&sig=REDACTED""#.to_owned()), "{all:?}");
    assert!(all.contains(&r#"http.target="/server_request?a=1&sig=REDACTED""#.to_owned()), "{all:?}");
}

#[test]
fn bytes_that_are_not_text_are_replaced_not_refused() {
    let odd = RequestFacts { headers: &UserAgent(b"caf\xe9"), authority: Some(b"\xff:80"), ..SEED };
    let all = recorded(&odd, 200, None, SemconvMode::Stable);
    assert!(all.contains(&"user_agent.original=\"caf\u{fffd}\"".to_owned()), "{all:?}");
    assert!(all.contains(&"server.address=\"\u{fffd}\"".to_owned()), "{all:?}");
}

#[test]
fn unknown_methods_stay_bounded() {
    let odd = RequestFacts { method: "FOOBAR", ..SEED };
    let all = recorded(&odd, 405, None, SemconvMode::Dup);
    for expected in
        [r#"http.request.method="_OTHER""#, r#"http.request.method_original="FOOBAR""#, r#"http.method="_OTHER""#]
    {
        assert!(all.iter().any(|attribute| attribute == expected), "{all:?}");
    }
}

#[test]
fn credentials_in_the_authority_are_not_recorded() {
    let careless = RequestFacts { authority: Some(b"user:s3cret@example.com:81"), ..SEED };
    let all = recorded(&careless, 200, None, SemconvMode::Dup);
    assert!(all.contains(&r#"http.host="example.com:81""#.to_owned()), "{all:?}");
    assert!(!all.iter().any(|attribute| attribute.contains("s3cret")), "{all:?}");
}
