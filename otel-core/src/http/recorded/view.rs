//! A request that ended, and the attributes that are made of it.

use super::super::attributes::{self, Seen};
use super::super::headers::HeaderLookup;
use super::super::method::RequestMethod;
use super::super::request::RequestFacts;
use super::super::settings::{HttpSettings, SemconvMode};
use super::facts::ServerFacts;
use super::record::ServerRest;
use super::text::{Place, Texts};
use crate::attribute::AttributeSink;

/// A request that ended, wherever its parts are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerView<'a> {
    settings: &'static HttpSettings,
    facts: &'a ServerFacts,
    /// Of this request and of others.
    texts: &'a Texts,
    rest: &'a ServerRest,
}

impl<'a> ServerView<'a> {
    /// `None`: there is no request.
    #[inline]
    pub(crate) fn new(facts: &'a ServerFacts, texts: &'a Texts, rest: &'a ServerRest) -> Option<Self> {
        Some(Self { settings: facts.settings?, facts, texts, rest })
    }

    #[inline]
    fn bytes(&self, place: Place) -> Option<&'a [u8]> {
        self.texts.bytes(self.facts.base, place)
    }

    #[inline]
    fn text(&self, place: Place) -> Option<&'a str> {
        self.texts.text(self.facts.base, place)
    }

    fn method(&self) -> RequestMethod<'a> {
        match self.facts.method {
            Some(method) => RequestMethod::Known(method),
            None => RequestMethod::Other(self.text(self.facts.other_method).unwrap_or_default()),
        }
    }

    /// The method and the route that make the span's name.
    pub(crate) fn name_parts(&self) -> Option<(&'static str, &'a str)> {
        Some((self.method().in_span_name(), self.text(self.facts.route)?))
    }

    /// How many of the application's attributes come before those of the response.
    pub(crate) fn attributes_before_answer(&self, all: usize) -> usize {
        if self.facts.status.is_some() { all.min(self.facts.attributes_before as usize) } else { all }
    }

    /// Tells what was known when the request arrived.
    pub(crate) fn request_attributes(&self, sink: &mut impl AttributeSink) {
        let ServerFacts { scheme, version, peer, .. } = *self.facts;
        let method = self.method();
        let facts = RequestFacts {
            method: method.as_sent(),
            path: self.text(self.facts.path).unwrap_or_default(),
            query: self.text(self.facts.query),
            scheme,
            authority: self.bytes(self.facts.authority),
            peer,
            local: self.rest.local,
            version,
            headers: self,
        };
        let seen = Seen::new(&facts, self.settings);
        attributes::of_request(&facts, &seen, method, self.settings, sink);
    }

    /// Tells what the response head added.
    pub(crate) fn response_attributes(&self, sink: &mut impl AttributeSink) {
        if let Some(status) = self.facts.status {
            attributes::of_response(status, self.text(self.facts.route), self.settings, sink);
            for header in &self.rest.response_headers {
                sink.kept(header);
            }
        }
    }

    /// Tells what the end added.
    pub(crate) fn final_attributes(&self, sink: &mut impl AttributeSink) {
        let ServerRest { error_type, request_body, response_body, .. } = *self.rest;
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
            _ => self.rest.request_headers.iter().find(|(other, _)| **other == *name).map(|(_, value)| &**value),
        }
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in &self.rest.request_headers {
            visitor(name, value);
        }
    }
}
