//! A request while its span is open, in a form that is cheap to carry.

use opentelemetry::KeyValue;

use super::super::error_type::ErrorType;
use super::super::method::RequestMethod;
use super::super::server_span::Arrival;
use super::facts::ServerFacts;
use super::text::{Place, Text};

/// What is recorded of a request: facts, and texts.
#[derive(Debug)]
pub(crate) struct ServerRecord {
    facts: ServerFacts,
    text: Text,
}

impl Default for ServerRecord {
    fn default() -> Self {
        Self { facts: ServerFacts::NONE, text: Text::default() }
    }
}

/// Headers, where they are recorded.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerHeaders {
    /// All of the request, where the settings may ask for any.
    pub(super) request: Vec<(Box<str>, Box<[u8]>)>,
    /// Those of the response that the settings ask for.
    pub(in crate::http) response: Vec<KeyValue>,
}

impl ServerHeaders {
    pub(crate) const NONE: Self = Self { request: Vec::new(), response: Vec::new() };

    /// Whether there are any.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        !self.request.is_empty() || !self.response.is_empty()
    }
}

impl ServerRecord {
    /// Whether there is a request.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        self.facts.settings.is_some()
    }

    /// A request arrived. What the settings will ask for is copied.
    #[inline]
    pub(in crate::http) fn start(&mut self, arrival: &Arrival<'_>, headers: &mut ServerHeaders) {
        let (facts, settings, text) = (arrival.facts, arrival.settings, &mut self.text);
        let mut push = |bytes: Option<&[u8]>| bytes.map_or(Place::NONE, |bytes| text.push(bytes));
        let (method, other_method) = match arrival.method {
            RequestMethod::Known(method) => (Some(method), Place::NONE),
            RequestMethod::Other(method) => (None, push(Some(method.as_bytes()))),
        };
        self.facts = ServerFacts {
            settings: Some(settings),
            method,
            scheme: facts.scheme,
            version: facts.version,
            peer: facts.peer,
            local: facts.local,
            other_method,
            path: push(Some(facts.path.as_bytes())),
            query: push(facts.query.map(str::as_bytes)),
            authority: push(facts.authority()),
            user_agent: push(facts.headers.user_agent()),
            ..ServerFacts::NONE
        };
        if settings.asks_for_any_header() {
            facts.headers.visit(&mut |name, value| headers.request.push((name.into(), value.into())));
        }
    }

    /// The response head was told when the application had set so many attributes.
    #[inline]
    pub(in crate::http) fn answered_after(&mut self, attributes: usize) {
        self.facts.attributes_before = attributes;
    }

    /// What the response head said.
    #[inline]
    pub(in crate::http) fn answer(&mut self, status: Option<u16>, route: Option<&str>) {
        self.facts.status = status;
        if let Some(route) = route {
            self.facts.route = self.text.push(route.as_bytes());
        }
    }

    /// What was known at the end. Sizes in bytes.
    #[inline]
    pub(in crate::http) fn end(
        &mut self,
        error_type: Option<ErrorType>,
        request_body: Option<u64>,
        response_body: Option<u64>,
    ) {
        self.facts.error_type = error_type;
        self.facts.request_body = request_body;
        self.facts.response_body = response_body;
    }

    /// Copies the texts behind those of others; the facts, which know where.
    #[inline]
    pub(crate) fn copied_to(&self, text: &mut Vec<u8>) -> ServerFacts {
        // Lanes are emptied long before they hold four gigabytes.
        let base = u32::try_from(text.len()).unwrap_or(u32::MAX);
        text.extend_from_slice(self.text.all());
        ServerFacts { base, ..self.facts }
    }

    /// Forgets the request.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.facts.settings = None;
        self.text.clear();
    }
}
