//! The stable conventions
//! ([HTTP server span](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span)).

use super::super::authority::Authority;
use super::super::method::RequestMethod;
use super::super::request::RequestFacts;
use super::Seen;
use crate::recorder::AttributeSink;

pub(super) fn request(
    facts: &RequestFacts<'_>,
    seen: &Seen<'_>,
    method: RequestMethod<'_>,
    sink: &mut impl AttributeSink,
) {
    sink.literal("http.request.method", method.as_attribute());
    if let Some(original) = method.original() {
        sink.string("http.request.method_original", original);
    }
    sink.string("url.path", facts.path);
    if let Some(query) = &seen.query {
        sink.string("url.query", query);
    }
    sink.literal("url.scheme", seen.scheme);
    if let Some(Authority { host, port }) = seen.authority.as_deref().and_then(Authority::parse) {
        sink.string("server.address", host);
        sink.integer("server.port", i64::from(port.unwrap_or(default_port(seen.scheme))));
    }
    if let Some(client) = seen.client() {
        sink.string("client.address", client);
    }
    if let (Some(peer), Some(address)) = (facts.peer, seen.peer()) {
        sink.string("network.peer.address", address);
        sink.integer("network.peer.port", i64::from(peer.port()));
    }
    sink.literal("network.protocol.version", facts.version.as_str());
    if let Some(user_agent) = &seen.user_agent {
        sink.string("user_agent.original", user_agent);
    }
}

pub(super) fn response(status: u16, sink: &mut impl AttributeSink) {
    sink.integer("http.response.status_code", i64::from(status));
}

/// The port that an authority without one stands for (RFC 9110, section 4.2).
fn default_port(scheme: &str) -> u16 {
    if scheme == "https" { 443 } else { 80 }
}
