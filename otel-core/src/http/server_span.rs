//! The SERVER span of one request, from its head to the end of its body, and the metrics that go with it.

use super::attributes::{self, Seen};
use super::error_type::error_type;
use super::exception;
use super::method::RequestMethod;
use super::metrics::{Instruments, Outcome, RequestMetrics};
use super::request::RequestFacts;
use super::response::{Failure, ResponseFacts};
use super::settings::{HttpSettings, SemconvMode};
use crate::code::CodeLocation;
use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue, StringValue, global};
use std::borrow::Cow;
use std::time::{Instant, SystemTime};

/// One request's SERVER span. Dropped without [`end`](Self::end), the request counts as failed: by a panic when the
/// thread is panicking, else as cancelled. So no way out of a handler leaves a span open or unmarked.
///
/// ```
/// use opentelemetry::{Context, InstrumentationScope};
/// use otel_core::http::{HttpVersion, RequestFacts, ResponseFacts, ServerSpan, settings::HttpSettings};
///
/// let facts = RequestFacts {
///     method: "GET",
///     path: "/users/42",
///     query: None,
///     scheme: "http",
///     authority: Some(b"localhost:8080"),
///     peer: None,
///     local: None,
///     version: HttpVersion::Http11,
///     headers: &(),
/// };
/// let scope = InstrumentationScope::builder("my-framework").build();
/// let mut span = ServerSpan::start(&scope, &facts, &Context::new(), HttpSettings::current());
/// let answer = {
///     let _current = span.context().clone().attach();
///     // … handle the request; children of this span are started here …
///     ResponseFacts { route: Some("/users/{id}".into()), ..ResponseFacts::with_status(200) }
/// };
/// span.respond(answer);
/// span.end();
/// ```
#[derive(Debug)]
pub struct ServerSpan {
    context: Context,
    /// The `{method}` of the span name.
    method: &'static str,
    settings: &'static HttpSettings,
    /// Read in this order: so the span, whose end is its start plus what elapsed, never ends before a child of it that
    /// read the wall clock.
    started: (Instant, SystemTime),
    /// Taken when the request ends, which happens once.
    metrics: Option<RequestMetrics>,
    /// Sizes of the bodies in bytes, where they are wanted and known.
    request_body: Option<u64>,
    response_body: Option<u64>,
    status: Option<u16>,
    route: Option<StringValue>,
    /// Attributes that the application adds to the metrics.
    labels: Vec<KeyValue>,
    /// Message of the error that was answered with.
    message: Option<String>,
}

impl ServerSpan {
    /// Starts the span with what the request head tells, as a child of `parent`.
    ///
    /// `scope` names the instrumentation library. The provider is looked up now: one that is installed after the
    /// application was built is used from its installation on.
    #[must_use]
    pub fn start(
        scope: &InstrumentationScope,
        facts: &RequestFacts<'_>,
        parent: &Context,
        settings: &'static HttpSettings,
    ) -> Self {
        crate::logs::at_first_request();
        let started = (Instant::now(), SystemTime::now());
        let method = RequestMethod::classify(facts.method, settings);
        let seen = Seen::new(facts, settings);
        let builder = SpanBuilder::from_name(method.in_span_name())
            .with_kind(SpanKind::Server)
            .with_start_time(started.1)
            .with_attributes(attributes::of_request(facts, &seen, method, settings));
        let span = global::tracer_with_scope(scope.clone()).build_with_context(builder, parent);
        let instruments = Instruments::current(scope, started.0);
        Self {
            context: parent.with_span(span),
            method: method.in_span_name(),
            settings,
            started,
            metrics: Some(RequestMetrics::start(instruments, facts, &seen, method, settings)),
            request_body: if settings.body_sizes { facts.body_size() } else { None },
            response_body: None,
            status: None,
            route: None,
            labels: Vec::new(),
            message: None,
        }
    }

    /// The value of a `traceresponse` header, when the operator wants one: it tells the client in which trace, and as
    /// which span, its request was handled.
    ///
    /// Source: [W3C trace context](https://w3c.github.io/trace-context/#traceresponse-header).
    #[must_use]
    pub fn trace_response(&self) -> Option<String> {
        let span = self.context.span();
        let context = span.span_context();
        (self.settings.trace_response_header && context.is_valid())
            .then(|| format!("00-{}-{}-{:02x}", context.trace_id(), context.span_id(), context.trace_flags()))
    }

    /// The context to make current while the request is handled, on each poll.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Records the response head: route, status code and error. The span stays open until the body ended.
    pub fn respond(&mut self, facts: ResponseFacts<'_>) {
        self.status = Some(facts.status);
        self.route = facts.route.map(StringValue::from);
        self.labels = facts.labels;
        self.message = facts.error;
        let span = self.context.span();
        if !span.is_recording() {
            return;
        }
        if let Some(route) = &self.route {
            // Low cardinality by rule: `{method} {route}`, or the method alone; never the path.
            span.update_name(format!("{} {route}", self.method));
        }
        span.set_attributes(attributes::of_response(facts.status, self.route.clone(), facts.headers, self.settings));
    }

    /// Tells how many bytes of the response body were sent. Recorded where body sizes are wanted.
    pub fn set_response_body_size(&mut self, bytes: u64) {
        self.response_body = self.settings.body_sizes.then_some(bytes);
    }

    /// Ends the span now. Without a response before, the request counts as cancelled.
    pub fn end(mut self) {
        let unanswered = self.status.is_none();
        self.finish(unanswered.then_some(&Failure::Cancelled));
    }

    /// Ends the span now, as failed. A status code that was sent stays recorded.
    pub fn fail(mut self, failure: &Failure) {
        self.finish(Some(failure));
    }

    /// Whether the request failed is decided here, at the end: a body can still fail after its head said all was well.
    fn finish(&mut self, failure: Option<&Failure>) {
        let Some(metrics) = self.metrics.take() else { return };
        let duration = self.started.0.elapsed();
        let end = self.started.1.checked_add(duration).unwrap_or(self.started.1);
        let error_type = error_type(self.status, failure).map(StringValue::from);

        let span = self.context.span();
        if span.is_recording() {
            self.record_body_sizes();
            if let Some(error_type) = &error_type {
                self.record_error(error_type.clone(), end);
            }
        }
        if let (Some(_), Some(message)) = (&error_type, &self.message) {
            exception::log(metrics.scope(), span.span_context(), end, message, self.settings);
        }
        span.end_with_timestamp(end);

        // The span is current while its duration is measured: exemplars carry its ids.
        let _current = self.context.clone().attach();
        metrics.record(&Outcome {
            duration,
            status: self.status,
            route: self.route.as_ref(),
            error_type: error_type.as_ref(),
            labels: &self.labels,
            request_body: self.request_body,
            response_body: self.response_body,
        });
    }

    fn record_body_sizes(&self) {
        let sizes = [("http.request.body.size", self.request_body), ("http.response.body.size", self.response_body)];
        for (key, bytes) in sizes {
            if let Some(bytes) = bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
                self.context.span().set_attribute(KeyValue::new(key, bytes));
            }
        }
    }

    fn record_error(&self, error_type: StringValue, at: SystemTime) {
        let message = self.message.clone();
        let span = self.context.span();
        // The older conventions had no name for it.
        if self.settings.semconv != SemconvMode::Old {
            span.set_attribute(KeyValue::new("error.type", error_type));
        }
        if let Some(message) = &message {
            exception::add_event(&span, at, message, self.settings);
        }
        span.set_status(Status::Error { description: message.map_or(Cow::Borrowed(""), Cow::Owned) });
    }
}

impl Drop for ServerSpan {
    fn drop(&mut self) {
        self.finish(Some(if std::thread::panicking() { &Failure::Panic } else { &Failure::Cancelled }));
    }
}

/// Names the function that handles a request on the request's SERVER span, which `context` holds.
pub fn set_code(context: &Context, location: &CodeLocation) {
    let span = context.span();
    if span.is_recording() {
        span.set_attributes(location.attributes());
    }
}
