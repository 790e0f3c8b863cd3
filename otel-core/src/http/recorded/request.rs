//! One copy of what the attributes of a request are made of.

use std::net::SocketAddr;
use std::ops::Range;

use smallvec::SmallVec;

use super::super::headers::HeaderLookup;
use super::super::noted::Noted;
use super::super::request::{HttpVersion, RequestFacts};
use super::super::settings::HttpSettings;

/// Room for the texts of an ordinary request: path, query, host and user agent. Longer ones take an allocation.
const ORDINARY: usize = 256;

/// A place in the text.
type Place = Range<u32>;

/// The facts of a request head that outlive it.
#[derive(Clone, Debug)]
pub(crate) struct RecordedRequest {
    text: SmallVec<[u8; ORDINARY]>,
    method: Place,
    path: Place,
    query: Option<Place>,
    authority: Option<Place>,
    user_agent: Option<Place>,
    scheme: &'static str,
    version: HttpVersion,
    peer: Option<SocketAddr>,
    local: Option<SocketAddr>,
    /// All headers, where the settings may ask for any of them.
    headers: Vec<(Box<str>, Box<[u8]>)>,
}

impl RecordedRequest {
    /// Copies what the settings will ask for.
    #[inline]
    pub(in crate::http) fn new(facts: &RequestFacts<'_>, noted: Noted, settings: &HttpSettings) -> Self {
        let mut text = SmallVec::new();
        let mut place = |bytes: &[u8]| {
            let start = text.len();
            text.extend_from_slice(bytes);
            // A request head of four gigabytes is not accepted by any server.
            let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
            place(start)..place(text.len())
        };
        let mut headers = Vec::new();
        if settings.asks_for_any_header() {
            facts.headers.visit(&mut |name, value| headers.push((name.into(), value.into())));
        }
        Self {
            method: place(facts.method.as_bytes()),
            path: place(facts.path.as_bytes()),
            query: facts.query.map(|query| place(query.as_bytes())),
            authority: facts.authority.map(&mut place),
            user_agent: noted.user_agent.then(|| facts.headers.first("user-agent")).flatten().map(&mut place),
            scheme: facts.scheme,
            version: facts.version,
            peer: facts.peer,
            local: facts.local,
            headers,
            text,
        }
    }

    pub(crate) fn method(&self) -> &str {
        str::from_utf8(self.bytes(&self.method)).unwrap_or_default()
    }

    /// The facts, as they were.
    pub(crate) fn facts(&self) -> RequestFacts<'_> {
        // Method, path and query come first, and were text when they were copied.
        let texts = 0..self.query.as_ref().unwrap_or(&self.path).end;
        let texts = str::from_utf8(self.bytes(&texts)).unwrap_or_default();
        let text = |place: &Place| texts.get(place.start as usize..place.end as usize).unwrap_or_default();
        RequestFacts {
            method: text(&self.method),
            path: text(&self.path),
            query: self.query.as_ref().map(text),
            scheme: self.scheme,
            authority: self.authority.as_ref().map(|authority| self.bytes(authority)),
            peer: self.peer,
            local: self.local,
            version: self.version,
            headers: self,
        }
    }

    fn bytes(&self, place: &Place) -> &[u8] {
        self.text.get(place.start as usize..place.end as usize).unwrap_or_default()
    }
}

impl HeaderLookup for RecordedRequest {
    fn first(&self, name: &str) -> Option<&[u8]> {
        match (name, &self.user_agent) {
            ("user-agent", user_agent) => user_agent.as_ref().map(|place| self.bytes(place)),
            _ => self.headers.iter().find(|(other, _)| **other == *name).map(|(_, value)| &**value),
        }
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in &self.headers {
            visitor(name, value);
        }
    }
}
