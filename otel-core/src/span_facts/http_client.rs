//! The facts of an outgoing HTTP request.

use std::net::SocketAddr;

use opentelemetry::KeyValue;

use super::texts::{TextRange, Texts, TextsView};
use crate::attribute::AttributeSink;
use crate::http::client::attributes;
use crate::http::error_type::ErrorType;
use crate::http::method::RequestMethod;
use crate::http::settings::{HttpSettings, SemconvMode};
use crate::http::{ClientRequestFacts, ClientResponseFacts, HttpVersion};

/// Facts of every request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HttpClientFacts {
    settings: &'static HttpSettings,
    /// `None` for a method that the settings do not know: it is `other_method`.
    method: Option<&'static str>,
    other_method: TextRange,
    pub(super) scheme: TextRange,
    pub(super) authority: TextRange,
    path: TextRange,
    query: TextRange,
    template: TextRange,
    resend_count: u32,
    /// `None` if there was no response.
    pub(super) response: Option<(u16, HttpVersion)>,
    pub(super) peer: Option<SocketAddr>,
    pub(super) error_type: Option<ErrorType>,
}

/// Facts of few requests: they take heap memory, and settings have to ask for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct RareHttpClientFacts {
    pub(super) request_headers: Vec<KeyValue>,
    pub(super) response_headers: Vec<KeyValue>,
    /// Size of the request body in bytes.
    pub(super) request_body: Option<u64>,
    /// Size of the response body in bytes.
    pub(super) response_body: Option<u64>,
}

impl RareHttpClientFacts {
    pub(super) const NONE: Self =
        Self { request_headers: Vec::new(), response_headers: Vec::new(), request_body: None, response_body: None };
}

impl HttpClientFacts {
    /// Copies the parts of the request that the settings ask for, except headers.
    #[inline]
    pub(super) fn new(
        facts: &ClientRequestFacts<'_>,
        method: RequestMethod<'_>,
        settings: &'static HttpSettings,
        texts: &mut Texts,
    ) -> Self {
        let (method, other_method) = match method {
            RequestMethod::Known(method) => (Some(method), TextRange::NONE),
            RequestMethod::Other(method) => (None, texts.push(method)),
        };
        Self {
            settings,
            method,
            other_method,
            scheme: texts.push(facts.scheme),
            authority: texts.push(facts.authority),
            path: texts.push(facts.path),
            query: facts.query.map_or(TextRange::NONE, |query| texts.push(query)),
            template: facts.template.map_or(TextRange::NONE, |template| texts.push(template)),
            resend_count: facts.resend_count,
            response: None,
            peer: None,
            error_type: None,
        }
    }
}

/// The facts of an outgoing request whose span ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HttpClientView<'a> {
    facts: &'a HttpClientFacts,
    texts: TextsView<'a>,
    rare: &'a RareHttpClientFacts,
}

impl<'a> HttpClientView<'a> {
    #[inline]
    pub(super) fn new(facts: &'a HttpClientFacts, texts: TextsView<'a>, rare: Option<&'a RareHttpClientFacts>) -> Self {
        Self { facts, texts, rare: rare.unwrap_or(const { &RareHttpClientFacts::NONE }) }
    }

    fn method(&self) -> RequestMethod<'a> {
        match self.facts.method {
            Some(method) => RequestMethod::Known(method),
            None => RequestMethod::Other(self.texts.text(self.facts.other_method).unwrap_or_default()),
        }
    }

    /// The method and the template of the path, if the application named one.
    pub(super) fn name_parts(&self) -> Option<(&'static str, &'a str)> {
        Some((self.method().in_span_name(), self.texts.text(self.facts.template)?))
    }

    /// Visits the attributes of the request.
    pub(super) fn visit_request(&self, sink: &mut impl AttributeSink) {
        let HttpClientFacts { settings, scheme, authority, path, query, template, resend_count, .. } = *self.facts;
        let text = |range| self.texts.text(range).unwrap_or_default();
        let method = self.method();
        let facts = ClientRequestFacts {
            query: self.texts.text(query),
            template: self.texts.text(template),
            resend_count,
            ..ClientRequestFacts::new(method.as_sent(), text(scheme), text(authority), text(path))
        };
        attributes::of_request(&facts, method, settings, sink);
        self.rare.request_headers.iter().for_each(|header| sink.borrowed(header));
    }

    /// Visits the attributes of the response head.
    pub(super) fn visit_response(&self, sink: &mut impl AttributeSink) {
        if let Some((status, version)) = self.facts.response {
            let facts = ClientResponseFacts { peer: self.facts.peer, ..ClientResponseFacts::new(status, version) };
            attributes::of_response(&facts, self.facts.settings, sink);
            self.rare.response_headers.iter().for_each(|header| sink.borrowed(header));
        }
    }

    /// Visits the attributes that are known at the end.
    pub(super) fn visit_end(&self, sink: &mut impl AttributeSink) {
        let sizes =
            [("http.request.body.size", self.rare.request_body), ("http.response.body.size", self.rare.response_body)];
        for (key, bytes) in sizes {
            if let Some(bytes) = bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
                sink.integer(key, bytes);
            }
        }
        // The older conventions do not define `error.type`.
        if let (Some(error_type), true) = (self.facts.error_type, self.facts.settings.semconv != SemconvMode::Old) {
            sink.string("error.type", &error_type.text());
        }
    }
}
