//! A request that has not ended.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::trace::{Status, TraceContextExt as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue};

use super::api_span;
use super::exception;
use super::metrics::{Outcome, RequestMetrics};
use super::start::Arrival;
use crate::clock::{Moment, Timestamp};
use crate::http::error_type::ErrorType;
use crate::http::settings::HttpSettings;
use crate::http::{Failure, ResponseFacts};
use crate::recorder::{Place, Slot};

const NO_CONTENT: u16 = 204;

/// What is known of a request while it is open.
#[derive(Debug)]
pub(crate) struct OpenRequest {
    pub(super) context: Context,
    pub(super) kept: Kept,
    /// The `{method}` of the span name.
    pub(super) method: &'static str,
    /// `None`: nobody wants to know anything.
    pub(super) settings: Option<&'static HttpSettings>,
    started: Moment,
    scope: Option<&'static InstrumentationScope>,
    /// `None` where metrics go nowhere.
    pub(super) metrics: Option<RequestMetrics>,
    /// Size of the request body in bytes, where that is wanted and known.
    pub(super) request_body: Option<u64>,
    /// Bytes of the response body that were sent; `None` where nobody looked.
    pub(super) response_body: Option<u64>,
    /// No body is sent, whatever the response holds: the request is a HEAD request, or the status says so.
    is_bodiless: bool,
    pub(super) status: Option<u16>,
    pub(super) route: Option<Arc<str>>,
    /// Attributes that the application adds to the metrics.
    labels: Vec<KeyValue>,
    /// Message of the error that was answered with.
    pub(super) message: Option<String>,
}

/// Who keeps what is recorded of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Nobody: the request is not sampled.
    Nowhere,
    /// Our recorder, as facts.
    Recorder,
    /// Our recorder, but the application ended the span before there was an answer.
    Ended,
    /// Whatever provider is installed, as attributes, through the API.
    Provider,
}

impl Default for OpenRequest {
    fn default() -> Self {
        Self {
            context: Context::new(),
            kept: Kept::Nowhere,
            method: "",
            settings: None,
            started: Moment::UNKNOWN,
            scope: None,
            metrics: None,
            request_body: None,
            response_body: None,
            is_bodiless: false,
            status: None,
            route: None,
            labels: Vec::new(),
            message: None,
        }
    }
}

impl OpenRequest {
    /// The request arrived. It is written where another one was closed before.
    #[inline]
    pub(super) fn open(&mut self, arrival: &Arrival<'_>, context: Context, kept: Kept) {
        let Arrival { facts, method, settings, scope, now } = arrival;
        self.context = context;
        self.kept = kept;
        self.method = method.in_span_name();
        self.settings = Some(settings);
        self.started = *now;
        self.scope = Some(scope);
        self.status = None;
        self.is_bodiless = facts.method == "HEAD";
        self.request_body = if settings.body_sizes { facts.body_size() } else { None };
        self.response_body = None;
    }

    /// A request of which nobody wants to know anything.
    #[inline]
    pub(super) fn keep_silent(&mut self, context: Context) {
        self.context = context;
        self.kept = Kept::Nowhere;
        self.status = None;
        self.is_bodiless = false;
    }

    /// Bytes of the response body, where their number is wanted.
    #[inline]
    pub(super) fn response_body(&self, settings: &HttpSettings) -> Option<u64> {
        self.response_body.filter(|_| settings.body_sizes)
    }

    /// The request is over.
    #[inline]
    fn close(&mut self) {
        self.context = Context::new();
        self.settings = None;
        self.route = None;
        self.message = None;
        if !self.labels.is_empty() {
            self.labels.clear();
        }
    }
}

/// Ends the span of a request that nobody ended: it was given up, unless there was nothing left to do but to drop it.
pub(super) fn finish_dropped(slot: Place) {
    let request = &slot.request;
    let failure = if std::thread::panicking() {
        Some(&Failure::Panic)
    } else {
        // HTTP/2 drops a body that is not sent without polling it.
        let is_done = request.is_bodiless && request.status.is_some();
        (!is_done).then_some(&Failure::Cancelled)
    };
    finish(slot, failure);
}

/// Records the response head.
pub(super) fn respond(slot: &mut Slot, facts: ResponseFacts<'_>) {
    let request = &mut slot.request;
    request.status = Some(facts.status);
    // https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5
    request.is_bodiless |= facts.status == NO_CONTENT;
    request.route = facts.route;
    request.message = facts.error;
    if !facts.labels.is_empty() {
        request.labels = facts.labels.to_vec();
    }
    let (Some(settings), true) = (request.settings, request.kept != Kept::Nowhere) else { return };
    if request.kept == Kept::Provider {
        return api_span::respond(request, facts.headers, settings);
    }
    if !settings.headers.response.is_empty() {
        settings.headers.of_response(facts.headers, &mut slot.rest_mut().server.response_headers);
    }
    let mark = slot.mark();
    slot.server.answered_after(mark.attributes);
    if mark.is_ended {
        slot.request.kept = Kept::Ended;
    }
}

/// Ends the span. Whether the request failed is decided here: a body can still fail after its head said all was well.
pub(super) fn finish(mut slot: Place, failure: Option<&Failure>) {
    let request = &mut slot.request;
    let Some(settings) = request.settings else {
        request.close();
        return slot.vacate();
    };
    let duration = request.started.elapsed();
    let end = request.started.after(duration);
    let error_type = ErrorType::of(request.status, failure);
    if let (Some(_), Some(message), Some(scope)) = (&error_type, &request.message, request.scope) {
        let span = request.context.span();
        exception::log(scope, span.span_context(), end.into(), message, settings);
    }
    if request.kept == Kept::Provider {
        api_span::finish(request, error_type, end, settings);
    }
    if let Some(metrics) = request.metrics.take() {
        let outcome = Outcome {
            duration: Duration::from_nanos(duration),
            status: request.status,
            route: request.route.as_ref(),
            error_type,
            labels: &request.labels,
            request_body: request.request_body,
            response_body: request.response_body(settings),
        };
        metrics.record(&outcome, &request.context);
    }
    let is_recorded = matches!(request.kept, Kept::Recorder | Kept::Ended);
    if is_recorded {
        slot.close();
        complete(&mut slot, error_type, end, settings);
    }
    // With its context, and so before anybody may look at the span.
    slot.request.close();
    if is_recorded { slot.hand_over(end) } else { slot.vacate() }
}

/// Adds to what is recorded what is not there yet.
#[inline]
fn complete(slot: &mut Slot, error_type: Option<ErrorType>, end: Timestamp, settings: &'static HttpSettings) {
    if slot.request.kept == Kept::Recorder {
        slot.server.answer(slot.request.status, slot.request.route.as_deref());
    }
    if slot.was_ended() {
        // By the application, ahead of time: what came afterwards is not part of it.
        return;
    }
    if settings.body_sizes {
        let OpenRequest { request_body, response_body, .. } = slot.request;
        let rest = &mut slot.rest_mut().server;
        (rest.request_body, rest.response_body) = (request_body, response_body);
    }
    if error_type.is_some() {
        fail(slot, error_type, end, settings);
    }
}

/// Adds why the request failed.
#[cold]
fn fail(slot: &mut Slot, error_type: Option<ErrorType>, end: Timestamp, settings: &'static HttpSettings) {
    let message = slot.request.message.take();
    if let Some(event) = message.as_ref().and_then(|message| exception::event(end.into(), message, settings)) {
        slot.add_event(event);
    }
    let rest = slot.rest_mut();
    rest.server.error_type = error_type;
    // Without a message there is nothing to say that the application did not say better.
    if message.is_some() || !matches!(rest.told.status, Status::Error { .. }) {
        rest.told.set_status(Status::error(message.unwrap_or_default()));
    }
}
