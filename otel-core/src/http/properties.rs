//! Properties of the parsers of HTTP input for any input, for property tests and fuzzing.
//!
//! Not part of the library: `cfg(any(test, fuzzing))`. Each function panics if its parser breaks a promise.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a property that does not hold panics")]
#![allow(missing_docs, clippy::missing_panics_doc, reason = "named, not documented")]

use super::attributes::{self, Seen};
use super::authority::Authority;
use super::forwarded::{ForwardedRequest, Network, TrustedProxies};
use super::headers::{HeaderCapture, HeaderLookup};
use super::method::RequestMethod;
use super::patterns::Patterns;
use super::redaction::redact_query;
use super::request::{HttpVersion, RequestFacts};
use super::settings::{HttpSettings, SemconvMode};
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::LazyLock;

/// Splitting an authority loses no host, and the parts make up the authority again.
pub fn authority(text: &str) {
    let Some(Authority { host, port }) = Authority::parse(text) else { return };
    assert!(!host.is_empty() && text.contains(host), "{text:?}: {host:?}");
    assert!(!host.contains('@'), "userinfo is no host: {text:?}: {host:?}");
    let (open, close) = if host.contains(':') { ("[", "]") } else { ("", "") };
    let whole = match port {
        Some(port) => format!("{open}{host}{close}:{port}"),
        None => format!("{open}{host}{close}"),
    };
    // No client can reach a host that ends in blanks, or holds brackets.
    if host.trim() == host && !host.contains(['[', ']']) {
        assert_eq!(Authority::parse(&whole), Some(Authority { host, port }), "{text:?}");
    }
}

/// Redaction changes the values of all sensitive keys, and nothing else. A second redaction changes nothing.
pub fn redaction(query: &str) {
    static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| HttpSettings::default().redacted_query_keys);
    let keys = KEYS.as_slice();
    let redacted = redact_query(query, keys);
    assert_eq!(redact_query(&redacted, keys), redacted, "{query:?}");
    assert_eq!(query.split('&').count(), redacted.split('&').count(), "{query:?}");
    for (before, after) in query.split('&').zip(redacted.split('&')) {
        match before.split_once('=') {
            Some((key, value)) if !value.is_empty() && keys.iter().any(|sensitive| sensitive == key) => {
                assert_eq!(after, format!("{key}=REDACTED"), "{query:?}");
            }
            _ => assert_eq!(before, after, "{query:?}"),
        }
    }
}

/// Header lines, each with a name in lower case.
#[derive(Debug)]
pub struct Lines<'a, V = &'a [u8]>(pub Vec<(&'a str, V)>);

impl<V: AsRef<[u8]>> HeaderLookup for Lines<'_, V> {
    fn first(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_ref())
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in &self.0 {
            visitor(name, value.as_ref());
        }
    }
}

/// Headers of a peer that is not trusted have no effect. The address of a client is written in its usual form.
pub fn forwarded(headers: &Lines<'_>) {
    let proxy: IpAddr = [10, 0, 0, 1].into();
    let networks = vec!["10.0.0.0/8".parse().unwrap()];
    let trusted = TrustedProxies { any: false, networks };
    assert_eq!(ForwardedRequest::of(headers, Some([192, 0, 2, 1].into()), &trusted), None);
    assert_eq!(ForwardedRequest::of(headers, None, &trusted), None);
    for trusted in [trusted, TrustedProxies { any: true, networks: Vec::new() }] {
        let origin = ForwardedRequest::of(headers, Some(proxy), &trusted).unwrap_or_default();
        assert!(origin.scheme.is_none_or(|scheme| scheme == "http" || scheme == "https"), "{headers:?}");
        assert!(origin.authority.is_none_or(|authority| !authority.is_empty()), "{headers:?}");
        if let Some(client) = origin.client {
            assert!(!client.is_empty(), "{headers:?}");
            if let Ok(address) = client.parse::<IpAddr>() {
                assert_eq!(address.to_string(), client, "{headers:?}");
            }
        }
    }
}

/// A network that is understood contains its own address.
pub fn network(text: &str) {
    let Ok(network) = text.parse::<Network>() else { return };
    let address = text.split('/').next().unwrap_or_default();
    assert!(address.parse().is_ok_and(|address| network.contains(address)), "{text:?}");
}

/// Each expression is accepted, or refused in one line. A name matches itself in any case, and no other text.
pub fn patterns(pattern: &str, text: &str) {
    for patterns in [Patterns::search([pattern]), Patterns::full_match([pattern])] {
        match patterns {
            Ok(patterns) => drop(patterns.is_match(text)),
            Err(error) => {
                let reason = error.to_string();
                assert!(!reason.is_empty() && !reason.contains('\n'), "{pattern:?}: {reason:?}");
            }
        }
    }
    if let Ok(name) = Patterns::full_match([regex::escape(pattern)]) {
        assert!(name.is_match(pattern), "{pattern:?}");
        assert!(!name.is_match(&format!("{pattern}x")), "{pattern:?}");
    }
}

/// Any request has attributes, each once, and none with a secret.
pub fn attributes(method: &str, target: &str, headers: &Lines<'_>) {
    static SETTINGS: LazyLock<HttpSettings> = LazyLock::new(|| HttpSettings {
        semconv: SemconvMode::Dup,
        headers: HeaderCapture {
            request: Patterns::full_match([".*"]).unwrap_or_default(),
            ..HeaderCapture::default()
        },
        trusted_proxies: TrustedProxies { any: true, networks: Vec::new() },
        synthetic_user_agents: true,
        ..HttpSettings::default()
    });
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let facts = RequestFacts {
        method,
        path,
        query,
        scheme: "http",
        authority: headers.first("host"),
        peer: Some(([127, 0, 0, 1], 80).into()),
        local: Some(([127, 0, 0, 1], 80).into()),
        version: HttpVersion::Http11,
        headers,
    };
    let (seen, method) = (Seen::new(&facts, &SETTINGS), RequestMethod::classify(method, &SETTINGS));
    let mut keys = HashSet::new();
    let mut recorded: Vec<opentelemetry::KeyValue> = Vec::new();
    attributes::of_request(&facts, &seen, method, &SETTINGS, &mut recorded);
    for attribute in recorded {
        let key = attribute.key.as_str().to_owned();
        if ["authorization", "proxy-authorization", "cookie", "set-cookie"].iter().any(|secret| key.ends_with(secret)) {
            assert!(attribute.value.to_string().replace("\"[REDACTED]\"", "").chars().all(|rest| "[],".contains(rest)));
        }
        assert!(keys.insert(key), "{} twice", attribute.key);
    }
    assert!(keys.contains("http.request.method") && keys.contains("url.path") && keys.contains("http.target"));
}

#[cfg(test)]
mod tests;
