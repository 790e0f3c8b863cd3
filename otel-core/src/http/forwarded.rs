//! Client, scheme and host of a request as its proxies report them, if the operator trusts the proxies.
//!
//! Any client can send these headers; so they count only if the peer of the connection is a trusted proxy, and the
//! client is the last address in the chain that is no trusted proxy. Each fact comes from `Forwarded`
//! ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239)), or from the `X-Forwarded-*` header for it if `Forwarded` does
//! not have it. A client that `Forwarded` hides (`for=unknown`) is hidden, whatever `X-Forwarded-For` says.
//!
//! Lists are read from their end: proxies append to the text of the client, in which a quote may stay open.

use super::authority::Authority;
use super::headers::HeaderLookup;
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// Networks whose hosts are trusted proxies: the `Forwarded` and `X-Forwarded-*` headers from there are used. No host
/// is trusted by default.
///
/// ```
/// use otel_core::http::{Network, TrustedProxies};
///
/// let proxies = TrustedProxies::networks(["10.0.0.0/8".parse()?, "::1".parse()?]);
/// assert!(proxies.trusts("10.1.2.3".parse()?) && !proxies.trusts("192.0.2.1".parse()?));
/// assert!(TrustedProxies::any().trusts("192.0.2.1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrustedProxies {
    /// Every peer is trusted.
    pub any: bool,
    /// Networks that are trusted.
    pub networks: Vec<Network>,
}

impl TrustedProxies {
    /// Trusts every peer. Only for servers that are reached through a proxy and in no other way.
    #[must_use]
    pub fn any() -> Self {
        Self { any: true, networks: Vec::new() }
    }

    /// Trusts the hosts of these networks.
    #[must_use]
    pub fn networks(networks: impl IntoIterator<Item = Network>) -> Self {
        Self { any: false, networks: networks.into_iter().collect() }
    }

    /// Returns `true` if no peer is trusted.
    #[inline]
    pub(super) fn are_none(&self) -> bool {
        !self.any && self.networks.is_empty()
    }

    /// Returns `true` if this is the address of a trusted proxy.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.any || self.networks.iter().any(|network| network.contains(address))
    }
}

/// A network in the notation `address/prefix-length`; a bare address is the network of that one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Returns `true` if the address belongs to this network. IPv4 addresses that are mapped into IPv6 count as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical()) || self.0.contains(&address)
    }
}

/// The error of a text that is no [`Network`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseNetworkError(());

impl fmt::Display for ParseNetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an address or address/prefix-length")
    }
}

impl Error for ParseNetworkError {}

impl FromStr for Network {
    type Err = ParseNetworkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        // `IpNet` itself would take `010.0.0.0`, which some read as octal.
        let network = address.parse::<IpAddr>().ok().and_then(|address| match prefix {
            Some(prefix) => IpNet::new(address, prefix.parse().ok()?).ok(),
            None => Some(address.to_canonical().into()),
        });
        network.map(Self).ok_or(ParseNetworkError(()))
    }
}

/// The request as it was before a trusted proxy forwarded it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ForwardedRequest {
    /// `client.address`
    pub(super) client: Option<String>,
    /// `url.scheme`
    pub(super) scheme: Option<&'static str>,
    /// `server.address` and `server.port`, as sent
    pub(super) authority: Option<String>,
}

impl ForwardedRequest {
    /// Reads the forwarded headers of a request whose connection comes from `peer`. `None` if the peer is not trusted.
    pub(super) fn of(headers: &dyn HeaderLookup, peer: Option<IpAddr>, trusted: &TrustedProxies) -> Option<Self> {
        // A peer without an address is at the other end of a Unix domain socket.
        if !peer.map_or(trusted.any, |peer| trusted.trusts(peer)) {
            return None;
        }
        let header = joined(headers, "forwarded").unwrap_or_default();
        let elements: Vec<&str> = rsplit_unquoted(&header, b',').collect();
        let is_hidden = elements.first().is_some_and(|element| parameter(element, "for").is_some());
        let Self { client: address, scheme, authority } = Self::of_elements(&elements, trusted);
        Some(Self {
            client: address.or_else(|| {
                let chain = joined(headers, "x-forwarded-for").filter(|_| !is_hidden)?;
                client(rsplit_unquoted(&chain, b',').map(unquoted), trusted).map(|(_, client)| client)
            }),
            scheme: scheme.or_else(|| {
                let list = joined(headers, "x-forwarded-proto")?;
                member(&list, trusted.any).and_then(|member| self::scheme(&member))
            }),
            authority: authority.or_else(|| {
                let list = joined(headers, "x-forwarded-host")?;
                member(&list, trusted.any).map(Cow::into_owned)
            }),
        })
    }

    /// Reads the elements of `Forwarded`, the last one first. Scheme and host come from the element that names the client:
    /// the client may have written the elements before it.
    fn of_elements(elements: &[&str], trusted: &TrustedProxies) -> Self {
        let hops = elements.iter().map(|element| parameter(element, "for").unwrap_or_default());
        let client = client(hops, trusted);
        let index = client.as_ref().map_or(0, |(index, _)| *index);
        let element = elements.get(index).copied().unwrap_or_default();
        Self {
            client: client.map(|(_, client)| client),
            scheme: parameter(element, "proto").as_deref().and_then(scheme),
            authority: parameter(element, "host").map(Cow::into_owned).filter(|host| !host.is_empty()),
        }
    }
}

/// Reads a chain of hops, the last one first: returns the first address that is not a trusted proxy, and its index. The peer
/// with that address may have made up the members after it.
fn client<'a>(hops: impl Iterator<Item = Cow<'a, str>>, trusted: &TrustedProxies) -> Option<(usize, String)> {
    let mut furthest = None;
    for (index, hop) in hops.enumerate() {
        // `unknown` and `_hidden` name no host (RFC 7239, section 6): the proxy hides the address.
        let Some(address) = Authority::parse(&hop).and_then(|authority| authority.host.parse::<IpAddr>().ok()) else {
            break;
        };
        let address = address.to_canonical();
        furthest = Some((index, address.to_string()));
        // If every peer is trusted, proxies and clients look the same: the outermost address is the client's.
        if !trusted.trusts(address) {
            break;
        }
    }
    furthest
}

/// Returns `true` if this header is read here. `name` is in lower case.
pub(super) fn is_forwarded(name: &str) -> bool {
    matches!(name, "forwarded" | "x-forwarded-for" | "x-forwarded-proto" | "x-forwarded-host")
}

/// Every line of a header, joined as HTTP allows (RFC 9110, section 5.3).
fn joined(headers: &dyn HeaderLookup, name: &str) -> Option<String> {
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    headers.visit(&mut |other, value| {
        if other == name {
            // A line that the client began with other bytes still ends with the part of the proxy.
            lines.push(String::from_utf8_lossy(value));
        }
    });
    (!lines.is_empty()).then(|| lines.join(","))
}

/// The last member, which the nearest proxy wrote, without its quotes: the client may have written the members before
/// it. If every peer is trusted, the `first` one, which the outermost proxy wrote.
fn member(list: &str, first: bool) -> Option<Cow<'_, str>> {
    let mut members = rsplit_unquoted(list, b',').map(unquoted);
    if first { members.last() } else { members.next() }.filter(|member| !member.is_empty())
}

fn scheme(text: &str) -> Option<&'static str> {
    if text.eq_ignore_ascii_case("https") {
        Some("https")
    } else if text.eq_ignore_ascii_case("http") {
        Some("http")
    } else {
        None
    }
}

/// The value of a parameter of one `Forwarded` element, without its quotes.
fn parameter<'a>(element: &'a str, name: &str) -> Option<Cow<'a, str>> {
    rsplit_unquoted(element, b';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| unquoted(value.trim()))
    })
}

fn unquoted(value: &str) -> Cow<'_, str> {
    match value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        None => Cow::Borrowed(value),
        Some(inner) if !inner.contains('\\') => Cow::Borrowed(inner),
        Some(inner) => {
            let mut characters = inner.chars();
            let mut plain = String::with_capacity(inner.len());
            while let Some(character) = characters.next() {
                plain.extend(if character == '\\' { characters.next() } else { Some(character) });
            }
            Cow::Owned(plain)
        }
    }
}

/// Splits at a separator that is not within quotes, the last part first. Quotes are paired from the end of the text.
fn rsplit_unquoted(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let (mut quoted, mut at) = (false, text.len());
    text.rsplit(move |character: char| {
        at -= character.len_utf8();
        if character == '"' && !is_escaped(text, at) {
            quoted = !quoted;
        }
        !quoted && character == char::from(separator)
    })
    .map(str::trim)
}

/// Returns `true` if there is an odd number of backslashes before the byte `at`.
fn is_escaped(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests;
