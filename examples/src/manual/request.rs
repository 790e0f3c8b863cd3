//! Attributes from the request, which a sampler can see.

use std::borrow::Cow;

use actix_web::{
    dev::ServiceRequest,
    http::{Version, header},
};
use opentelemetry::KeyValue;

use super::{conventions::Conventions, host::Host, method::Method, query};

/// The attributes that are known when the span starts.
pub(super) fn attributes(req: &ServiceRequest, method: &Method, conventions: Conventions) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(24);
    if conventions.stable {
        stable(req, method, &mut attributes);
    }
    if conventions.old {
        old(req, method, &mut attributes);
    }
    attributes
}

/// [HTTP server span](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span).
fn stable(req: &ServiceRequest, method: &Method, attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new("http.request.method", method.recorded().to_owned()));
    if let Method::Other(original) = method {
        attributes.push(KeyValue::new("http.request.method_original", original.clone()));
    }
    attributes.push(KeyValue::new("url.scheme", scheme(req)));
    attributes.push(KeyValue::new("url.path", req.uri().path().to_owned()));
    if let Some(query) = req.uri().query() {
        attributes.push(KeyValue::new("url.query", query::redact(query)));
    }
    if let Some(host) = authority(req).as_deref().and_then(Host::parse) {
        attributes.push(KeyValue::new("server.address", host.address.to_owned()));
        attributes.push(KeyValue::new("server.port", i64::from(host.port.unwrap_or_else(|| default_port(req)))));
    }
    if let Some(peer) = req.peer_addr() {
        let ip = peer.ip().to_string();
        attributes.push(KeyValue::new("client.address", ip.clone()));
        attributes.push(KeyValue::new("network.peer.address", ip));
        attributes.push(KeyValue::new("network.peer.port", i64::from(peer.port())));
    }
    if let Some(version) = version(req) {
        attributes.push(KeyValue::new("network.protocol.version", version));
    }
    if let Some(user_agent) = header(req, &header::USER_AGENT) {
        attributes.push(KeyValue::new("user_agent.original", user_agent.into_owned()));
    }
}

/// The attributes of the older conventions.
fn old(req: &ServiceRequest, method: &Method, attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new("component", "http"));
    attributes.push(KeyValue::new("http.method", method.recorded().to_owned()));
    attributes.push(KeyValue::new("http.scheme", scheme(req)));
    attributes.push(KeyValue::new("http.target", target(req)));
    let local = req.app_config().local_addr();
    attributes.push(KeyValue::new("http.server_name", local.ip().to_string()));
    attributes.push(KeyValue::new("host.port", i64::from(local.port())));
    attributes.push(KeyValue::new("net.host.port", i64::from(local.port())));
    if let Some(authority) = authority(req) {
        if let Some(host) = Host::parse(&authority) {
            attributes.push(KeyValue::new("net.host.name", host.address.to_owned()));
        }
        // Credentials do not belong here, and must not be recorded.
        let (_, host) = authority.rsplit_once('@').unwrap_or(("", &authority));
        attributes.push(KeyValue::new("http.host", host.to_owned()));
    }
    if let Some(peer) = req.peer_addr() {
        attributes.push(KeyValue::new("net.peer.ip", peer.ip().to_string()));
        attributes.push(KeyValue::new("net.peer.port", i64::from(peer.port())));
    }
    if let Some(version) = version(req) {
        attributes.push(KeyValue::new("http.flavor", version));
    }
    if let Some(user_agent) = header(req, &header::USER_AGENT) {
        attributes.push(KeyValue::new("http.user_agent", user_agent.into_owned()));
    }
}

/// The scheme of the connection. A client may write any forwarded header, so they are not read.
fn scheme(req: &ServiceRequest) -> &'static str {
    if req.app_config().secure() { "https" } else { "http" }
}

fn default_port(req: &ServiceRequest) -> u16 {
    if req.app_config().secure() { 443 } else { 80 }
}

fn target(req: &ServiceRequest) -> String {
    match req.uri().query() {
        Some(query) => format!("{}?{}", req.uri().path(), query::redact(query)),
        None => req.uri().path().to_owned(),
    }
}

fn version(req: &ServiceRequest) -> Option<&'static str> {
    match req.version() {
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        _ => None,
    }
}

/// The authority of an absolute request target, which takes precedence over `Host` ([RFC 9112, section
/// 3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2)).
fn authority(req: &ServiceRequest) -> Option<Cow<'_, str>> {
    match req.uri().authority() {
        Some(authority) => Some(Cow::Borrowed(authority.as_str())),
        None => header(req, &header::HOST),
    }
}

/// A header as text, because headers are bytes and attributes are text.
fn header<'a>(req: &'a ServiceRequest, name: &header::HeaderName) -> Option<Cow<'a, str>> {
    req.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()))
}
