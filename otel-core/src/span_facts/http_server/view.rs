//! The attributes that follow from the facts of a request.

use super::super::texts::{TextRange, TextsView};
use super::facts::{HttpServerFacts, RareHttpServerFacts};
use crate::attribute::AttributeSink;
use crate::http::attributes::{self, Seen};
use crate::http::method::RequestMethod;
use crate::http::settings::SemconvMode;
use crate::http::{HeaderLookup, RequestFacts};

/// The facts of a request whose span ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HttpServerView<'a> {
    facts: &'a HttpServerFacts,
    texts: TextsView<'a>,
    rare: &'a RareHttpServerFacts,
}

impl<'a> HttpServerView<'a> {
    #[inline]
    pub(crate) fn new(facts: &'a HttpServerFacts, texts: TextsView<'a>, rare: Option<&'a RareHttpServerFacts>) -> Self {
        Self { facts, texts, rare: rare.unwrap_or(const { &RareHttpServerFacts::NONE }) }
    }

    #[inline]
    fn bytes(&self, range: TextRange) -> Option<&'a [u8]> {
        self.texts.bytes(range)
    }

    #[inline]
    fn text(&self, range: TextRange) -> Option<&'a str> {
        self.texts.text(range)
    }

    fn method(&self) -> RequestMethod<'a> {
        match self.facts.method {
            Some(method) => RequestMethod::Known(method),
            None => RequestMethod::Other(self.text(self.facts.other_method).unwrap_or_default()),
        }
    }

    /// The method and the route, if the request has one.
    #[inline]
    pub(crate) fn name_parts(&self) -> Option<(&'static str, &'a str)> {
        Some((self.method().in_span_name(), self.text(self.facts.route)?))
    }

    /// The number of the application's attributes that come before those of the response.
    #[inline]
    pub(crate) fn app_attributes_before_response(&self, all: usize) -> usize {
        let before = self.facts.app_attributes_before_response as usize;
        if self.facts.status.is_some() { all.min(before) } else { all }
    }

    /// Visits the attributes of the request head.
    pub(crate) fn visit_request(&self, sink: &mut impl AttributeSink) {
        let HttpServerFacts { settings, scheme, version, peer, .. } = *self.facts;
        let method = self.method();
        let facts = RequestFacts {
            method: method.as_sent(),
            path: self.text(self.facts.path).unwrap_or_default(),
            query: self.text(self.facts.query),
            scheme,
            authority: self.bytes(self.facts.authority),
            peer,
            local: self.rare.local,
            version,
            headers: self,
        };
        let seen = Seen::new(&facts, settings);
        attributes::of_request(&facts, &seen, method, settings, sink);
    }

    /// Visits the attributes of the response head.
    pub(crate) fn visit_response(&self, sink: &mut impl AttributeSink) {
        if let Some(status) = self.facts.status {
            attributes::of_response(status, self.text(self.facts.route), self.facts.settings, sink);
            for header in &self.rare.response_headers {
                sink.borrowed(header);
            }
        }
    }

    /// Visits the attributes that are known at the end.
    pub(crate) fn visit_end(&self, sink: &mut impl AttributeSink) {
        let RareHttpServerFacts { error_type, request_body, response_body, .. } = *self.rare;
        let sizes = [("http.request.body.size", request_body), ("http.response.body.size", response_body)];
        for (key, bytes) in sizes {
            if let Some(bytes) = bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
                sink.integer(key, bytes);
            }
        }
        // The older conventions do not define `error.type`.
        if let (Some(error_type), true) = (error_type, self.facts.settings.semconv != SemconvMode::Old) {
            sink.string("error.type", &error_type.text());
        }
    }
}

/// The request headers that were copied.
impl HeaderLookup for HttpServerView<'_> {
    fn first(&self, name: &str) -> Option<&[u8]> {
        match name {
            "user-agent" => self.bytes(self.facts.user_agent),
            _ => self.rare.request_headers.iter().find(|(other, _)| **other == *name).map(|(_, value)| &**value),
        }
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in &self.rare.request_headers {
            visitor(name, value);
        }
    }
}
