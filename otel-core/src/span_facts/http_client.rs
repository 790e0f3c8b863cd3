//! The facts of an outgoing HTTP request.

use std::net::SocketAddr;

use opentelemetry::KeyValue;

use super::texts::{TextRange, Texts, TextsView};
use crate::attribute::AttributeSink;
use crate::http::client::{BodySize, attributes};
use crate::http::error_type::ErrorType;
use crate::http::method::RequestMethod;
use crate::http::settings::{HttpSettings, SemconvMode};
use crate::http::{ClientRequestFacts, ClientResponseFacts, HttpVersion};

/// Facts of every request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HttpClientFacts {
    pub(super) settings: &'static HttpSettings,
    /// `None` for a method that the settings do not know: it is `other_method`.
    pub(super) method: Option<&'static str>,
    other_method: TextRange,
    scheme: TextRange,
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
    pub(super) response_body: BodySize,
}

impl RareHttpClientFacts {
    pub(super) const NONE: Self = Self {
        request_headers: Vec::new(),
        response_headers: Vec::new(),
        request_body: None,
        response_body: BodySize::Unknown,
    };
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

    /// The settings that were in force when the request was sent.
    #[inline]
    pub(crate) fn settings(&self) -> &'static HttpSettings {
        self.facts.settings
    }

    #[inline]
    pub(crate) fn method(&self) -> RequestMethod<'a> {
        match self.facts.method {
            Some(method) => RequestMethod::Known(method),
            None => RequestMethod::Other(self.texts.text(self.facts.other_method).unwrap_or_default()),
        }
    }

    /// The scheme and the authority of the URL.
    #[inline]
    pub(crate) fn server(&self) -> (&'a str, &'a str) {
        let text = |range| self.texts.text(range).unwrap_or_default();
        (text(self.facts.scheme), text(self.facts.authority))
    }

    /// Status code and protocol version of the response, if there was one.
    #[inline]
    pub(crate) fn response(&self) -> Option<(u16, HttpVersion)> {
        self.facts.response
    }

    /// The reason why the request failed, if it did.
    #[inline]
    pub(crate) fn error_type(&self) -> Option<ErrorType> {
        self.facts.error_type
    }

    /// The sizes of the bodies of request and response in bytes, as far as they are known and the settings ask for them.
    #[inline]
    pub(crate) fn body_sizes(&self) -> (Option<u64>, Option<u64>) {
        (self.rare.request_body, self.rare.response_body.bytes())
    }

    /// The method and the template of the path, if the application named one.
    pub(super) fn name_parts(&self) -> Option<(&'static str, &'a str)> {
        Some((self.method().in_span_name(), self.texts.text(self.facts.template)?))
    }

    /// Visits the attributes of the request.
    pub(super) fn visit_request(&self, sink: &mut impl AttributeSink) {
        let HttpClientFacts { settings, path, query, template, resend_count, .. } = *self.facts;
        let (method, (scheme, authority)) = (self.method(), self.server());
        let path = self.texts.text(path).unwrap_or_default();
        let facts = ClientRequestFacts {
            query: self.texts.text(query),
            template: self.texts.text(template),
            resend_count,
            ..ClientRequestFacts::new(method.as_sent(), scheme, authority, path)
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
        let (request, response) = self.body_sizes();
        for (key, bytes) in [("http.request.body.size", request), ("http.response.body.size", response)] {
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
