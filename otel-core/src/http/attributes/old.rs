//! The conventions before they were stable: the set that OpenTelemetry's first auto-instrumentation example printed,
//! with the names that later versions of the old conventions added.
//!
//! Source: [HTTP spans, 1.20](https://github.com/open-telemetry/opentelemetry-specification/blob/v1.20.0/specification/trace/semantic_conventions/http.md).

use super::super::authority::{Authority, without_userinfo};
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
    attributes.push(KeyValue::new("component", "http"));
    attributes.push(KeyValue::new("http.method", method.as_attribute()));
    if let Some(local) = facts.local {
        attributes.push(KeyValue::new("http.server_name", local.ip().to_string()));
    }
    attributes.push(KeyValue::new("http.scheme", seen.scheme));
    if let Some(local) = facts.local {
        attributes.push(KeyValue::new("host.port", i64::from(local.port())));
        attributes.push(KeyValue::new("net.host.port", i64::from(local.port())));
    }
    if let Some(authority) = seen.authority.as_deref() {
        if let Some(Authority { host, .. }) = Authority::parse(authority) {
            attributes.push(KeyValue::new("net.host.name", host.to_owned()));
        }
        attributes.push(KeyValue::new("http.host", without_userinfo(authority).to_owned()));
    }
    attributes.push(KeyValue::new("http.target", target(facts.path, seen.query.as_deref())));
    if let (Some(peer), Some(address)) = (facts.peer, &seen.peer) {
        attributes.push(KeyValue::new("net.peer.ip", address.clone()));
        attributes.push(KeyValue::new("net.peer.port", i64::from(peer.port())));
    }
    if let Some(user_agent) = &seen.user_agent {
        attributes.push(KeyValue::new("http.user_agent", user_agent.clone().into_owned()));
    }
    attributes.push(KeyValue::new("http.flavor", facts.version.as_str()));
}

pub(super) fn response(status: u16, attributes: &mut Vec<KeyValue>) {
    if let Some(reason) = reason_phrase(status) {
        attributes.push(KeyValue::new("http.status_text", reason));
    }
    attributes.push(KeyValue::new("http.status_code", i64::from(status)));
}

/// Path and query of the request target, as sent but for secrets.
fn target(path: &str, query: Option<&str>) -> String {
    match query {
        Some(query) => [path, "?", query].concat(),
        None => path.to_owned(),
    }
}

/// The registered reason phrase, `None` for a code that has none.
fn reason_phrase(status: u16) -> Option<&'static str> {
    ::http::StatusCode::from_u16(status).ok()?.canonical_reason()
}
