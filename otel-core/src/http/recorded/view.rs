//! A request that ended, and the attributes that are made of it.

use super::super::attributes::{self, Seen};
use super::super::headers::HeaderLookup;
use super::super::method::RequestMethod;
use super::super::request::RequestFacts;
use super::super::settings::{HttpSettings, SemconvMode};
use super::facts::ServerFacts;
use super::record::ServerHeaders;
use super::text::Place;
use crate::recorder::AttributeSink;

/// A request that ended, wherever its parts are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerView<'a> {
    settings: &'static HttpSettings,
    facts: &'a ServerFacts,
    /// Of this request and of others.
    text: &'a [u8],
    headers: &'a ServerHeaders,
}

impl<'a> ServerView<'a> {
    /// `None`: there is no request.
    #[inline]
    pub(crate) fn new(facts: &'a ServerFacts, text: &'a [u8], headers: &'a ServerHeaders) -> Option<Self> {
        Some(Self { settings: facts.settings?, facts, text, headers })
    }

    #[inline]
    fn bytes(&self, place: Place) -> Option<&'a [u8]> {
        place.find(self.facts.base, self.text)
    }

    /// One that was text when it was copied.
    #[inline]
    fn str(&self, place: Place) -> Option<&'a str> {
        str::from_utf8(self.bytes(place)?).ok()
    }

    fn method(&self) -> RequestMethod<'a> {
        match self.facts.method {
            Some(method) => RequestMethod::Known(method),
            None => RequestMethod::Other(self.str(self.facts.other_method).unwrap_or_default()),
        }
    }

    /// The method and the route that make the span's name.
    pub(crate) fn name_parts(&self) -> Option<(&'static str, &'a str)> {
        Some((self.method().in_span_name(), self.str(self.facts.route)?))
    }

    /// How many of the application's attributes come before those of the response.
    pub(crate) fn attributes_before_answer(&self, all: usize) -> usize {
        if self.facts.status.is_some() { self.facts.attributes_before.min(all) } else { all }
    }

    /// Tells what was known when the request arrived.
    pub(crate) fn request_attributes(&self, sink: &mut impl AttributeSink) {
        let ServerFacts { scheme, version, peer, local, .. } = *self.facts;
        let method = self.method();
        let facts = RequestFacts {
            method: method.as_sent(),
            path: self.str(self.facts.path).unwrap_or_default(),
            query: self.str(self.facts.query),
            scheme,
            authority: self.bytes(self.facts.authority),
            peer,
            local,
            version,
            headers: self,
        };
        let seen = Seen::new(&facts, self.settings);
        attributes::of_request(&facts, &seen, method, self.settings, sink);
    }

    /// Tells what the response head added.
    pub(crate) fn response_attributes(&self, sink: &mut impl AttributeSink) {
        if let Some(status) = self.facts.status {
            attributes::of_response(status, self.str(self.facts.route), self.settings, sink);
            for header in &self.headers.response {
                sink.kept(header);
            }
        }
    }

    /// Tells what the end added.
    pub(crate) fn final_attributes(&self, sink: &mut impl AttributeSink) {
        let ServerFacts { error_type, request_body, response_body, .. } = *self.facts;
        let sizes = [("http.request.body.size", request_body), ("http.response.body.size", response_body)];
        for (key, bytes) in sizes {
            if let Some(bytes) = bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
                sink.integer(key, bytes);
            }
        }
        // The older conventions had no name for it.
        if let (Some(error_type), true) = (error_type, self.settings.semconv != SemconvMode::Old) {
            sink.string("error.type", &error_type.text());
        }
    }
}

/// The headers that were kept.
impl HeaderLookup for ServerView<'_> {
    fn first(&self, name: &str) -> Option<&[u8]> {
        match name {
            "user-agent" => self.bytes(self.facts.user_agent),
            _ => self.headers.request.iter().find(|(other, _)| **other == *name).map(|(_, value)| &**value),
        }
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in &self.headers.request {
            visitor(name, value);
        }
    }
}
