//! A request while its span is open, in a form that is cheap to carry.

use std::net::SocketAddr;

use opentelemetry::KeyValue;

use super::super::error_type::ErrorType;
use super::super::method::RequestMethod;
use super::super::request::RequestFacts;
use super::super::settings::{HttpSettings, SemconvMode};
use super::facts::ServerFacts;
use super::text::{Place, Texts};

/// What is recorded of every request: facts, and texts.
#[derive(Debug)]
pub(crate) struct ServerRecord {
    facts: ServerFacts,
    texts: Texts,
}

impl Default for ServerRecord {
    fn default() -> Self {
        Self { facts: ServerFacts::NONE, texts: Texts::default() }
    }
}

/// What is recorded of few requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerRest {
    /// Those headers of the request that the settings will ask for.
    pub(super) request_headers: Vec<(Box<str>, Box<[u8]>)>,
    /// Those of the response that the settings ask for.
    pub(crate) response_headers: Vec<KeyValue>,
    /// For the older conventions.
    pub(super) local: Option<SocketAddr>,
    pub(crate) error_type: Option<ErrorType>,
    /// Sizes of the bodies in bytes, where they are wanted and known.
    pub(crate) request_body: Option<u64>,
    pub(crate) response_body: Option<u64>,
}

impl ServerRest {
    pub(crate) const NONE: Self = Self {
        request_headers: Vec::new(),
        response_headers: Vec::new(),
        local: None,
        error_type: None,
        request_body: None,
        response_body: None,
    };

    /// Whether the settings will ask for any of it.
    #[inline]
    pub(crate) fn is_wanted(settings: &HttpSettings) -> bool {
        settings.semconv != SemconvMode::Stable || settings.asks_for_any_header()
    }

    /// A request arrived: copies what is wanted.
    #[cold]
    pub(crate) fn start(&mut self, facts: &RequestFacts<'_>, settings: &HttpSettings) {
        self.local = facts.local;
        let headers = &mut self.request_headers;
        if settings.asks_for_any_header() {
            facts.headers.visit(&mut |name, value| {
                if settings.asks_for_header(name) {
                    headers.push((name.into(), value.into()));
                }
            });
        }
    }
}

impl ServerRecord {
    /// Whether there is a request.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        self.facts.settings.is_some()
    }

    /// A request arrived. What the settings will ask for of every request is copied.
    #[inline]
    pub(crate) fn start(
        &mut self,
        facts: &RequestFacts<'_>,
        method: RequestMethod<'_>,
        settings: &'static HttpSettings,
    ) {
        let texts = &mut self.texts;
        let (method, other_method) = match method {
            RequestMethod::Known(method) => (Some(method), Place::NONE),
            RequestMethod::Other(method) => (None, texts.push(method)),
        };
        self.facts = ServerFacts {
            settings: Some(settings),
            method,
            scheme: facts.scheme,
            version: facts.version,
            peer: facts.peer,
            other_method,
            path: texts.push(facts.path),
            query: facts.query.map_or(Place::NONE, |query| texts.push(query)),
            authority: facts.authority().map_or(Place::NONE, |authority| texts.push_bytes(authority)),
            user_agent: facts.headers.user_agent().map_or(Place::NONE, |agent| texts.push_bytes(agent)),
            ..ServerFacts::NONE
        };
    }

    /// The response head was told when the application had set so many attributes.
    #[inline]
    pub(crate) fn answered_after(&mut self, attributes: usize) {
        self.facts.attributes_before = u32::try_from(attributes).unwrap_or(u32::MAX);
    }

    /// What the response head said.
    #[inline]
    pub(crate) fn answer(&mut self, status: Option<u16>, route: Option<&str>) {
        self.facts.status = status;
        if let Some(route) = route {
            self.facts.route = self.texts.push(route);
        }
    }

    /// Copies the texts behind those of others; the facts, which know where.
    #[inline]
    pub(crate) fn copied_to(&self, texts: &mut Texts) -> ServerFacts {
        ServerFacts { base: texts.append(&self.texts), ..self.facts }
    }

    /// Forgets the request.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.facts.settings = None;
        self.texts.clear();
    }
}
