//! The stable conventions
//! ([HTTP server span](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span)).

use super::super::authority::Authority;
use super::super::method::RequestMethod;
use super::super::request::RequestFacts;
use super::Seen;
use opentelemetry::KeyValue;

pub(super) fn request(
    facts: &RequestFacts<'_>,
    seen: &Seen<'_>,
    method: RequestMethod<'_>,
    attributes: &mut Vec<KeyValue>,
) {
    attributes.push(KeyValue::new("http.request.method", method.as_attribute()));
    if let Some(original) = method.original() {
        attributes.push(KeyValue::new("http.request.method_original", original.to_owned()));
    }
    attributes.push(KeyValue::new("url.path", facts.path.to_owned()));
    if let Some(query) = &seen.query {
        attributes.push(KeyValue::new("url.query", query.clone().into_owned()));
    }
    attributes.push(KeyValue::new("url.scheme", seen.scheme));
    if let Some(Authority { host, port }) = seen.authority.as_deref().and_then(Authority::parse) {
        attributes.push(KeyValue::new("server.address", host.to_owned()));
        attributes.push(KeyValue::new("server.port", i64::from(port.unwrap_or(default_port(seen.scheme)))));
    }
    if let Some(client) = &seen.client {
        attributes.push(KeyValue::new("client.address", client.clone()));
    }
    if let (Some(peer), Some(address)) = (facts.peer, &seen.peer) {
        attributes.push(KeyValue::new("network.peer.address", address.clone()));
        attributes.push(KeyValue::new("network.peer.port", i64::from(peer.port())));
    }
    attributes.push(KeyValue::new("network.protocol.version", facts.version.as_str()));
    if let Some(user_agent) = &seen.user_agent {
        attributes.push(KeyValue::new("user_agent.original", user_agent.clone().into_owned()));
    }
}

pub(super) fn response(status: u16, attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new("http.response.status_code", i64::from(status)));
}

/// The port that an authority without one stands for (RFC 9110, section 4.2).
fn default_port(scheme: &str) -> u16 {
    if scheme == "https" { 443 } else { 80 }
}
