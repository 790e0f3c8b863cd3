//! Facts → attributes, one file per generation of the conventions.

mod old;
mod stable;
#[cfg(test)]
mod tests;

use super::forwarded::Origin;
use super::headers::HeaderLookup;
use super::method::RequestMethod;
use super::redaction::redact_query;
use super::request::{RequestFacts, text};
use super::settings::{HttpSettings, SemconvMode};
use super::synthetic::synthetic_type;
use opentelemetry::{KeyValue, StringValue};
use std::borrow::Cow;

/// Attributes that are known when the request arrives, so that samplers see them.
pub(super) fn of_request(
    facts: &RequestFacts<'_>,
    seen: &Seen<'_>,
    method: RequestMethod<'_>,
    settings: &HttpSettings,
) -> Vec<KeyValue> {
    let mode = settings.semconv;
    // 12 stable and 12 old ones at most, and room for what the response adds: one allocation.
    let mut attributes = Vec::with_capacity(if mode == SemconvMode::Dup { 32 } else { 16 });
    if mode != SemconvMode::Old {
        stable::request(facts, seen, method, &mut attributes);
    }
    if mode != SemconvMode::Stable {
        old::request(facts, seen, method, &mut attributes);
    }
    // Opt-in in every generation: the older conventions had no better names for them.
    if settings.synthetic_user_agents
        && let Some(synthetic) = seen.user_agent.as_deref().and_then(synthetic_type)
    {
        attributes.push(KeyValue::new("user_agent.synthetic.type", synthetic));
    }
    settings.headers.of_request(facts.headers, &mut attributes);
    attributes
}

/// What both generations, and the metrics, record in their own words: worked out once.
pub(super) struct Seen<'a> {
    pub(super) scheme: &'static str,
    query: Option<Cow<'a, str>>,
    authority: Option<Cow<'a, str>>,
    user_agent: Option<Cow<'a, str>>,
    client: Option<String>,
    peer: Option<String>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(facts: &RequestFacts<'a>, settings: &HttpSettings) -> Self {
        let peer = facts.peer.map(|peer| peer.ip());
        let origin = Origin::of(facts.headers, peer, &settings.trusted_proxies).unwrap_or_default();
        let peer = peer.map(|peer| peer.to_string());
        Self {
            scheme: origin.scheme.unwrap_or(facts.scheme),
            query: facts.query.map(|query| redact_query(query, &settings.redacted_query_keys)),
            authority: origin.authority.map(Cow::Owned).or_else(|| facts.authority.map(text)),
            user_agent: facts.headers.first("user-agent").map(text),
            client: origin.client.or_else(|| peer.clone()),
            peer,
        }
    }
}

/// Attributes that the response adds.
pub(super) fn of_response(
    status: u16,
    route: Option<StringValue>,
    headers: &dyn HeaderLookup,
    settings: &HttpSettings,
) -> Vec<KeyValue> {
    let mode = settings.semconv;
    let mut attributes = Vec::with_capacity(4);
    // `http.route` is one attribute in both generations; the SDK would record it twice.
    if let Some(route) = route {
        attributes.push(KeyValue::new("http.route", route));
    }
    if mode != SemconvMode::Old {
        stable::response(status, &mut attributes);
    }
    if mode != SemconvMode::Stable {
        old::response(status, &mut attributes);
    }
    settings.headers.of_response(headers, &mut attributes);
    attributes
}
