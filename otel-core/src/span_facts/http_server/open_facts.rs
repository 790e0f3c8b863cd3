//! The facts of a request while its span is open.

use super::super::texts::{TextRange, Texts};
use super::super::{OpenFacts, RareFacts, SpanFacts};
use super::facts::{HttpServerFacts, RareHttpServerFacts};
use crate::http::RequestFacts;
use crate::http::method::RequestMethod;
use crate::http::settings::{HttpSettings, SemconvMode};

/// The facts of a request while its span is open.
#[derive(Debug, Default)]
pub(crate) struct OpenServerFacts {
    /// `None` if there is no request. In the form in which the facts are stored, so that they are copied once.
    facts: Option<SpanFacts>,
    texts: Texts,
    rare: Option<RareHttpServerFacts>,
}

impl OpenServerFacts {
    /// Copies the parts of the request head that the settings ask for.
    #[inline]
    pub(crate) fn start(
        &mut self,
        facts: &RequestFacts<'_>,
        method: RequestMethod<'_>,
        settings: &'static HttpSettings,
    ) {
        let texts = &mut self.texts;
        let (method, other_method) = match method {
            RequestMethod::Known(method) => (Some(method), TextRange::NONE),
            RequestMethod::Other(method) => (None, texts.push(method)),
        };
        self.facts = Some(SpanFacts::HttpServer(HttpServerFacts {
            settings,
            method,
            scheme: facts.scheme,
            version: facts.version,
            peer: facts.peer,
            other_method,
            path: texts.push(facts.path),
            query: facts.query.map_or(TextRange::NONE, |query| texts.push(query)),
            authority: facts.authority().map_or(TextRange::NONE, |authority| texts.push_bytes(authority)),
            user_agent: facts.headers.user_agent().map_or(TextRange::NONE, |agent| texts.push_bytes(agent)),
            route: TextRange::NONE,
            status: None,
            app_attributes_before_response: 0,
        }));
        if settings.semconv != SemconvMode::Stable || settings.asks_for_any_header() {
            self.start_rare(facts, settings);
        }
    }

    #[cold]
    fn start_rare(&mut self, facts: &RequestFacts<'_>, settings: &HttpSettings) {
        let rare = self.rare_mut();
        rare.local = facts.local;
        if settings.asks_for_any_header() {
            facts.headers.visit(&mut |name, value| {
                if settings.asks_for_header(name) {
                    rare.request_headers.push((name.into(), value.into()));
                }
            });
        }
    }

    /// Sets how many attributes the application had set when the response came.
    #[inline]
    pub(crate) fn set_app_attributes_before_response(&mut self, attributes: usize) {
        if let Some(SpanFacts::HttpServer(facts)) = &mut self.facts {
            facts.app_attributes_before_response = u32::try_from(attributes).unwrap_or(u32::MAX);
        }
    }

    /// Sets the facts of the response head.
    #[inline]
    pub(crate) fn set_response(&mut self, status: Option<u16>, route: Option<&str>) {
        if let Some(SpanFacts::HttpServer(facts)) = &mut self.facts {
            facts.status = status;
            if let Some(route) = route {
                facts.route = self.texts.push(route);
            }
        }
    }

    /// The path of the request target. Empty if there is no request.
    pub(crate) fn path(&self) -> &str {
        match &self.facts {
            Some(SpanFacts::HttpServer(facts)) => self.texts.own(facts.path).unwrap_or_default(),
            _ => "",
        }
    }

    /// Returns the rare facts for writing.
    pub(crate) fn rare_mut(&mut self) -> &mut RareHttpServerFacts {
        self.rare.get_or_insert_default()
    }

    /// Prepares for the next request.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.facts = None;
        self.texts.clear();
        self.rare = None;
    }
}

impl OpenFacts for OpenServerFacts {
    #[inline]
    fn facts(&self) -> Option<(&SpanFacts, &Texts)> {
        Some((self.facts.as_ref()?, &self.texts))
    }

    #[inline]
    fn take_rare(&mut self, is_needed_again: bool) -> Option<RareFacts> {
        // Few requests have them, and even an empty `Option` of their size takes long to move.
        self.rare.as_ref()?;
        let rare = if is_needed_again { self.rare.clone() } else { self.rare.take() };
        rare.map(RareFacts::HttpServer)
    }
}
