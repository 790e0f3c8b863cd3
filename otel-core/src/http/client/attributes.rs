//! Facts → attributes, by the configured generations of the conventions.

use super::facts::{ClientRequestFacts, ClientResponseFacts};
use super::url;
use crate::attribute::{AttributeSink, Derived};
use crate::http::address::AddressText;
use crate::http::authority::Authority;
use crate::http::method::RequestMethod;
use crate::http::settings::{HttpSettings, SemconvMode};

/// Attributes that are known when the request is sent, so that samplers see them.
pub(crate) fn of_request(
    facts: &ClientRequestFacts<'_>,
    method: RequestMethod<'_>,
    settings: &HttpSettings,
    sink: &mut impl AttributeSink,
) {
    let url = url::full(facts, &settings.redacted_query_keys);
    if settings.semconv != SemconvMode::Old {
        stable_request(facts, method, &url, sink);
    }
    if settings.semconv != SemconvMode::Stable {
        old_request(facts, method, &url, sink);
    }
    settings.client_headers.of_request(facts.headers, sink);
}

fn stable_request(facts: &ClientRequestFacts<'_>, method: RequestMethod<'_>, url: &str, sink: &mut impl AttributeSink) {
    sink.literal("http.request.method", method.as_attribute());
    if let Some(original) = method.original() {
        sink.string("http.request.method_original", original);
    }
    let what = match default_port(facts.scheme) {
        443 => Derived::HttpsAuthority,
        _ => Derived::HttpAuthority,
    };
    sink.derived(what, facts.authority.as_bytes(), |sink| {
        if let Some((host, port)) = server(facts.scheme, facts.authority) {
            sink.string("server.address", host);
            sink.integer("server.port", i64::from(port));
        }
    });
    sink.string("url.full", url);
    if let Some(template) = facts.template {
        sink.string("url.template", template);
    }
    if facts.resend_count > 0 {
        sink.integer("http.request.resend_count", i64::from(facts.resend_count));
    }
}

/// [HTTP spans, 1.20](https://github.com/open-telemetry/opentelemetry-specification/blob/v1.20.0/specification/trace/semantic_conventions/http.md).
fn old_request(facts: &ClientRequestFacts<'_>, method: RequestMethod<'_>, url: &str, sink: &mut impl AttributeSink) {
    sink.literal("http.method", method.as_attribute());
    sink.string("http.url", url);
    if let Some((host, port)) = server(facts.scheme, facts.authority) {
        sink.string("net.peer.name", host);
        sink.integer("net.peer.port", i64::from(port));
    }
    if facts.resend_count > 0 {
        sink.integer("http.resend_count", i64::from(facts.resend_count));
    }
}

/// Attributes of the response head, except headers.
pub(crate) fn of_response(facts: &ClientResponseFacts<'_>, settings: &HttpSettings, sink: &mut impl AttributeSink) {
    let ClientResponseFacts { status, version, peer, .. } = *facts;
    if settings.semconv != SemconvMode::Old {
        sink.integer("http.response.status_code", i64::from(status));
        sink.literal("network.protocol.version", version.as_str());
        if let Some(peer) = peer {
            sink.string("network.peer.address", AddressText::new(peer.ip()).as_str());
            sink.integer("network.peer.port", i64::from(peer.port()));
        }
    }
    if settings.semconv != SemconvMode::Stable {
        sink.integer("http.status_code", i64::from(status));
        sink.literal("http.flavor", version.as_str());
        if let Some(peer) = peer {
            sink.string("net.sock.peer.addr", AddressText::new(peer.ip()).as_str());
            sink.integer("net.sock.peer.port", i64::from(peer.port()));
        }
    }
}

/// `server.address` and `server.port` of a URL.
pub(crate) fn server<'a>(scheme: &str, authority: &'a str) -> Option<(&'a str, u16)> {
    let Authority { host, port } = Authority::parse(authority)?;
    Some((host, port.unwrap_or_else(|| default_port(scheme))))
}

/// The default port of a scheme. A web socket begins as an HTTP request ([RFC
/// 6455](https://www.rfc-editor.org/rfc/rfc6455#section-3)).
fn default_port(scheme: &str) -> u16 {
    if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("wss") { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{HeaderCapture, HttpVersion, Patterns, properties::Lines};
    use opentelemetry::KeyValue;
    use std::sync::LazyLock;

    fn all(
        facts: &ClientRequestFacts<'_>,
        response: &ClientResponseFacts<'_>,
        settings: &'static HttpSettings,
    ) -> String {
        let mut attributes: Vec<KeyValue> = Vec::new();
        of_request(facts, RequestMethod::classify(facts.method, settings), settings, &mut attributes);
        of_response(response, settings, &mut attributes);
        let lines: Vec<String> = attributes.iter().map(|kv| format!("{}={}", kv.key, kv.value)).collect();
        lines.join(" ")
    }

    #[test]
    fn the_stable_conventions() {
        static SETTINGS: LazyLock<HttpSettings> = LazyLock::new(HttpSettings::default);
        let plain = ClientRequestFacts::new("GET", "https", "example.com", "/users/42");
        let response = ClientResponseFacts::new(200, HttpVersion::Http2);
        assert_eq!(
            all(&plain, &response, &SETTINGS),
            "http.request.method=GET server.address=example.com server.port=443 url.full=https://example.com/users/42 \
             http.response.status_code=200 network.protocol.version=2"
        );
        let everything = ClientRequestFacts {
            query: Some("sig=secret"),
            template: Some("/users/{id}"),
            resend_count: 2,
            ..ClientRequestFacts::new("get", "http", "me:secret@[::1]", "/users/42")
        };
        let peer = "[::1]:80".parse().ok();
        let response = ClientResponseFacts { peer, ..ClientResponseFacts::new(404, HttpVersion::Http11) };
        assert_eq!(
            all(&everything, &response, &SETTINGS),
            "http.request.method=_OTHER http.request.method_original=get server.address=::1 server.port=80 \
             url.full=http://REDACTED:REDACTED@[::1]/users/42?sig=REDACTED url.template=/users/{id} \
             http.request.resend_count=2 http.response.status_code=404 network.protocol.version=1.1 \
             network.peer.address=::1 network.peer.port=80"
        );
    }

    #[test]
    fn the_old_conventions_and_headers() {
        static SETTINGS: LazyLock<HttpSettings> = LazyLock::new(|| HttpSettings {
            semconv: SemconvMode::Old,
            client_headers: HeaderCapture {
                request: Patterns::full_match([".*"]).unwrap_or_default(),
                ..HeaderCapture::default()
            },
            ..HttpSettings::default()
        });
        let headers = Lines(vec![("authorization", &b"secret"[..]), ("accept", b"*/*")]);
        let facts = ClientRequestFacts {
            resend_count: 1,
            headers: &headers,
            ..ClientRequestFacts::new("GET", "http", "example.com:8080", "/")
        };
        assert_eq!(
            all(&facts, &ClientResponseFacts::new(200, HttpVersion::Http10), &SETTINGS),
            "http.method=GET http.url=http://example.com:8080/ net.peer.name=example.com net.peer.port=8080 \
             http.resend_count=1 http.request.header.authorization=[\"[REDACTED]\"] \
             http.request.header.accept=[\"*/*\"] http.status_code=200 http.flavor=1.0"
        );
    }
}
