//! The conventions before they were stable: the set that OpenTelemetry's first auto-instrumentation example printed,
//! with the names that later versions of the old conventions added.
//!
//! Source: [HTTP spans, 1.20](https://github.com/open-telemetry/opentelemetry-specification/blob/v1.20.0/specification/trace/semantic_conventions/http.md).

use super::super::address::AddressText;
use super::super::authority::{Authority, without_userinfo};
use super::super::method::RequestMethod;
use super::super::request::RequestFacts;
use super::super::text::text;
use super::seen::Seen;
use crate::attribute::AttributeSink;
use std::borrow::Cow;

pub(crate) fn request(
    facts: &RequestFacts<'_>,
    seen: &Seen<'_>,
    method: RequestMethod<'_>,
    sink: &mut impl AttributeSink,
) {
    sink.literal("component", "http");
    sink.literal("http.method", method.as_attribute());
    if let Some(local) = facts.local {
        sink.string("http.server_name", AddressText::new(local.ip()).as_str());
    }
    sink.literal("http.scheme", seen.scheme);
    if let Some(local) = facts.local {
        sink.integer("host.port", i64::from(local.port()));
        sink.integer("net.host.port", i64::from(local.port()));
    }
    if let Some(authority) = &seen.authority {
        let authority = text(authority);
        if let Some(Authority { host, .. }) = Authority::parse(&authority) {
            sink.string("net.host.name", host);
        }
        sink.string("http.host", without_userinfo(&authority));
    }
    sink.string("http.target", &target(facts.path, seen.query.as_deref()));
    if let Some(peer) = facts.peer {
        sink.string("net.peer.ip", AddressText::new(peer.ip()).as_str());
        sink.integer("net.peer.port", i64::from(peer.port()));
    }
    if let Some(user_agent) = seen.user_agent {
        sink.string("http.user_agent", &text(user_agent));
    }
    sink.literal("http.flavor", facts.version.as_str());
}

pub(crate) fn response(status: u16, sink: &mut impl AttributeSink) {
    if let Some(reason) = reason_phrase(status) {
        sink.literal("http.status_text", reason);
    }
    sink.integer("http.status_code", i64::from(status));
}

/// Path and query of the request target, as sent except for secrets.
fn target<'a>(path: &'a str, query: Option<&str>) -> Cow<'a, str> {
    match query {
        Some(query) => Cow::Owned([path, "?", query].concat()),
        None => Cow::Borrowed(path),
    }
}

/// The registered reason phrase, `None` for a code that has none.
fn reason_phrase(status: u16) -> Option<&'static str> {
    ::http::StatusCode::from_u16(status).ok()?.canonical_reason()
}
