//! A SERVER span that ended, and what its attributes are made of.

use std::sync::Arc;

use opentelemetry::KeyValue;

use super::super::attributes::{self, Seen};
use super::super::error_type::ErrorType;
use super::super::method::RequestMethod;
use super::super::settings::{HttpSettings, SemconvMode};
use super::RecordedRequest;
use crate::recorder::AttributeSink;

/// What was known when the response head was.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) route: Option<Arc<str>>,
    /// Response headers that are recorded.
    pub(crate) headers: Vec<KeyValue>,
}

/// What was known when the request ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending {
    pub(crate) error_type: Option<ErrorType>,
    /// Message of the error that was answered with.
    pub(crate) message: Option<String>,
    /// In bytes.
    pub(crate) request_body: Option<u64>,
    pub(crate) response_body: Option<u64>,
}

/// A request, in a form that is cheap to carry.
#[derive(Clone, Debug)]
pub(crate) struct ServerRecord {
    pub(super) settings: &'static HttpSettings,
    pub(super) request: RecordedRequest,
    pub(super) answer: Option<Answer>,
    /// How many of the application's attributes were set before there was an answer.
    pub(super) attributes_before: usize,
    /// The application renamed the span after that.
    pub(super) is_renamed: bool,
    pub(super) ending: Option<Ending>,
}

impl ServerRecord {
    #[inline]
    pub(crate) fn new(request: RecordedRequest, settings: &'static HttpSettings) -> Self {
        Self { settings, request, answer: None, attributes_before: usize::MAX, is_renamed: false, ending: None }
    }

    /// The method and the route that make the span's name, unless the application chose another after them.
    pub(crate) fn name_parts(&self) -> Option<(&'static str, &str)> {
        let route = self.answer.as_ref()?.route.as_ref()?;
        let method = RequestMethod::classify(self.request.method(), self.settings);
        (!self.is_renamed).then_some((method.in_span_name(), route))
    }

    /// How many of the application's attributes come before those of the response.
    pub(crate) fn attributes_before_answer(&self, all: usize) -> usize {
        self.attributes_before.min(all)
    }

    /// Tells what was known when the request arrived.
    pub(crate) fn request_attributes(&self, sink: &mut impl AttributeSink) {
        let facts = self.request.facts();
        let seen = Seen::new(&facts, self.settings);
        let method = RequestMethod::classify(facts.method, self.settings);
        attributes::of_request(&facts, &seen, method, self.settings, sink);
    }

    /// Tells what the response head added.
    pub(crate) fn response_attributes(&self, sink: &mut impl AttributeSink) {
        if let Some(Answer { status, route, headers }) = &self.answer {
            attributes::of_response(*status, route.as_ref(), self.settings, sink);
            for header in headers {
                sink.kept(header);
            }
        }
    }

    /// Tells what the end added.
    pub(crate) fn final_attributes(&self, sink: &mut impl AttributeSink) {
        let Some(ending) = &self.ending else { return };
        let sizes =
            [("http.request.body.size", ending.request_body), ("http.response.body.size", ending.response_body)];
        for (key, bytes) in sizes {
            if let Some(bytes) = bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
                sink.integer(key, bytes);
            }
        }
        // The older conventions had no name for it.
        if let (Some(error_type), true) = (ending.error_type, self.settings.semconv != SemconvMode::Old) {
            sink.string("error.type", &error_type.text());
        }
    }
}
