//! The stable conventions
//! ([HTTP server span](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span)).

use std::net::IpAddr;

use super::super::address::AddressText;
use super::super::authority::Authority;
use super::super::method::RequestMethod;
use super::super::request::RequestFacts;
use super::super::text::text;
use super::seen::Seen;
use crate::attribute::{AttributeSink, Derived};

pub(crate) fn request(
    facts: &RequestFacts<'_>,
    seen: &Seen<'_>,
    method: RequestMethod<'_>,
    sink: &mut impl AttributeSink,
) {
    sink.literals([
        ("http.request.method", method.as_attribute()),
        ("url.scheme", seen.scheme),
        ("network.protocol.version", facts.version.as_str()),
    ]);
    if let Some(original) = method.original() {
        sink.string("http.request.method_original", original);
    }
    sink.string("url.path", facts.path);
    if let Some(query) = &seen.query {
        sink.string("url.query", query);
    }
    if let Some(authority) = &seen.authority {
        // The default port of the scheme (RFC 9110, section 4.2).
        let (what, default_port) = match seen.scheme {
            "https" => (Derived::HttpsAuthority, 443),
            _ => (Derived::HttpAuthority, 80),
        };
        sink.derived(what, authority, |sink| {
            if let Some(Authority { host, port }) = Authority::parse(&text(authority)) {
                sink.string("server.address", host);
                sink.integer("server.port", i64::from(port.unwrap_or(default_port)));
            }
        });
    }
    match (&seen.client, seen.peer) {
        (Some(client), _) => {
            sink.string("client.address", client);
            if let Some(peer) = seen.peer {
                sink.string("network.peer.address", AddressText::new(peer).as_str());
            }
        }
        (None, Some(IpAddr::V4(peer))) => {
            sink.derived(Derived::Peer, &peer.octets(), |sink| addresses(peer.into(), sink));
        }
        (None, Some(IpAddr::V6(peer))) => {
            sink.derived(Derived::Peer, &peer.octets(), |sink| addresses(peer.into(), sink));
        }
        (None, None) => {}
    }
    if let Some(peer) = facts.peer {
        sink.integer("network.peer.port", i64::from(peer.port()));
    }
    if let Some(user_agent) = seen.user_agent {
        sink.derived(Derived::UserAgent, user_agent, |sink| sink.string("user_agent.original", &text(user_agent)));
    }
}

/// The addresses of a peer that is the client.
fn addresses(peer: IpAddr, sink: &mut impl AttributeSink) {
    let peer = AddressText::new(peer);
    sink.string("client.address", peer.as_str());
    sink.string("network.peer.address", peer.as_str());
}

pub(crate) fn response(status: u16, sink: &mut impl AttributeSink) {
    sink.integer("http.response.status_code", i64::from(status));
}
