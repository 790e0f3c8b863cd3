//! The stable conventions
//! ([HTTP server span](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span)).

use super::super::authority::Authority;
use super::super::method::RequestMethod;
use super::super::redaction::redact_query;
use super::super::request::{RequestFacts, text};
use opentelemetry::KeyValue;

pub(super) fn request(facts: &RequestFacts<'_>, method: RequestMethod<'_>, attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new("http.request.method", method.as_attribute()));
    if let Some(original) = method.original() {
        attributes.push(KeyValue::new("http.request.method_original", original.to_owned()));
    }
    attributes.push(KeyValue::new("url.path", facts.path.to_owned()));
    if let Some(query) = facts.query {
        attributes.push(KeyValue::new("url.query", redact_query(query).into_owned()));
    }
    attributes.push(KeyValue::new("url.scheme", facts.scheme));
    if let Some(authority) = facts.authority.map(text)
        && let Some(Authority { host, port }) = Authority::parse(&authority)
    {
        attributes.push(KeyValue::new("server.address", host.to_owned()));
        attributes.push(KeyValue::new("server.port", i64::from(port.unwrap_or(default_port(facts.scheme)))));
    }
    if let Some(peer) = facts.peer {
        let address = peer.ip().to_string();
        attributes.push(KeyValue::new("client.address", address.clone()));
        attributes.push(KeyValue::new("network.peer.address", address));
        attributes.push(KeyValue::new("network.peer.port", i64::from(peer.port())));
    }
    attributes.push(KeyValue::new("network.protocol.version", facts.version.as_str()));
    if let Some(user_agent) = facts.user_agent {
        attributes.push(KeyValue::new("user_agent.original", text(user_agent).into_owned()));
    }
}

pub(super) fn response(status: u16, attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new("http.response.status_code", i64::from(status)));
}

/// The port that an authority without one stands for (RFC 9110, section 4.2).
fn default_port(scheme: &str) -> u16 {
    if scheme == "https" { 443 } else { 80 }
}
