//! The facts that both generations of the conventions, and the metrics, record under names of their own.

use std::borrow::Cow;
use std::net::IpAddr;

use super::super::forwarded::ForwardedRequest;
use super::super::redaction::redact_query;
use super::super::request::RequestFacts;
use super::super::settings::HttpSettings;

/// Facts that were derived from those of the request: proxies and redaction are taken into account.
pub(crate) struct Seen<'a> {
    pub(super) scheme: &'static str,
    pub(super) query: Option<Cow<'a, str>>,
    pub(super) authority: Option<Cow<'a, [u8]>>,
    pub(super) user_agent: Option<&'a [u8]>,
    /// The client that a trusted proxy named.
    pub(super) client: Option<String>,
    pub(super) peer: Option<IpAddr>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(facts: &RequestFacts<'a>, settings: &HttpSettings) -> Self {
        let peer = facts.peer.map(|peer| peer.ip());
        let origin = ForwardedRequest::of(facts.headers, peer, &settings.trusted_proxies).unwrap_or_default();
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

/// The scheme alone, for metrics, which need no other derived fact.
#[inline]
pub(crate) fn scheme(facts: &RequestFacts<'_>, settings: &HttpSettings) -> &'static str {
    if settings.trusted_proxies.are_none() {
        return facts.scheme;
    }
    let origin = ForwardedRequest::of(facts.headers, facts.peer.map(|peer| peer.ip()), &settings.trusted_proxies);
    origin.and_then(|origin| origin.scheme).unwrap_or(facts.scheme)
}
