//! Facts → attributes, one file per generation of the conventions.

mod old;
mod stable;
#[cfg(test)]
pub(crate) mod tests;

use super::forwarded::Origin;
use super::method::RequestMethod;
use super::redaction::redact_query;
use super::request::{RequestFacts, text};
use super::settings::{HttpSettings, SemconvMode};
use super::synthetic::synthetic_type;
use crate::attribute::AttributeSink;
use std::borrow::Cow;
use std::net::IpAddr;

/// Attributes that are known when the request arrives, so that samplers see them.
pub(crate) fn of_request(
    facts: &RequestFacts<'_>,
    seen: &Seen<'_>,
    method: RequestMethod<'_>,
    settings: &HttpSettings,
    sink: &mut impl AttributeSink,
) {
    let mode = settings.semconv;
    if mode != SemconvMode::Old {
        stable::request(facts, seen, method, sink);
    }
    if mode != SemconvMode::Stable {
        old::request(facts, seen, method, sink);
    }
    // Opt-in in every generation: the older conventions had no better names for them.
    if settings.synthetic_user_agents
        && let Some(synthetic) = seen.user_agent.and_then(|user_agent| synthetic_type(&text(user_agent)))
    {
        sink.literal("user_agent.synthetic.type", synthetic);
    }
    settings.headers.of_request(facts.headers, sink);
}

/// What both generations, and the metrics, record in their own words: worked out once.
pub(crate) struct Seen<'a> {
    pub(crate) scheme: &'static str,
    query: Option<Cow<'a, str>>,
    authority: Option<Cow<'a, [u8]>>,
    user_agent: Option<&'a [u8]>,
    /// Told by proxies.
    client: Option<String>,
    peer: Option<IpAddr>,
}

impl Seen<'_> {
    /// The scheme alone, for what needs nothing else.
    #[inline]
    pub(crate) fn scheme(facts: &RequestFacts<'_>, settings: &HttpSettings) -> &'static str {
        if settings.trusted_proxies.are_none() {
            return facts.scheme;
        }
        let origin = Origin::of(facts.headers, facts.peer.map(|peer| peer.ip()), &settings.trusted_proxies);
        origin.and_then(|origin| origin.scheme).unwrap_or(facts.scheme)
    }
}

impl<'a> Seen<'a> {
    pub(crate) fn new(facts: &RequestFacts<'a>, settings: &HttpSettings) -> Self {
        let peer = facts.peer.map(|peer| peer.ip());
        let origin = Origin::of(facts.headers, peer, &settings.trusted_proxies).unwrap_or_default();
        let forwarded = origin.authority.map(|authority| Cow::Owned(authority.into_bytes()));
        Self {
            scheme: origin.scheme.unwrap_or(facts.scheme),
            query: facts.query.map(|query| redact_query(query, &settings.redacted_query_keys)),
            authority: forwarded.or_else(|| facts.authority.map(Cow::Borrowed)),
            user_agent: facts.headers.user_agent(),
            client: origin.client,
            peer,
        }
    }
}

/// Attributes that the response adds, but for its headers.
pub(crate) fn of_response(status: u16, route: Option<&str>, settings: &HttpSettings, sink: &mut impl AttributeSink) {
    let mode = settings.semconv;
    // `http.route` is one attribute in both generations; the SDK would record it twice.
    if let Some(route) = route {
        sink.string("http.route", route);
    }
    if mode != SemconvMode::Old {
        stable::response(status, sink);
    }
    if mode != SemconvMode::Stable {
        old::response(status, sink);
    }
}
