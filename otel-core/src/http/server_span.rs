//! The SERVER span of one request, from its head to the end of its body.

use super::attributes;
use super::error_type::{error_type, is_server_error};
use super::method::RequestMethod;
use super::request::RequestFacts;
use super::response::{Failure, ResponseFacts};
use super::settings::{HttpSettings, SemconvMode};
use crate::code::CodeLocation;
use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue, StringValue, global};
use std::borrow::Cow;

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
///     user_agent: None,
///     peer: None,
///     local: None,
///     version: HttpVersion::Http11,
/// };
/// let scope = InstrumentationScope::builder("my-framework").build();
/// let mut span = ServerSpan::start(&scope, &facts, &Context::new(), HttpSettings::current());
/// let answer = {
///     let _current = span.context().clone().attach();
///     // … handle the request; children of this span are started here …
///     ResponseFacts { status: 200, route: Some("/users/{id}".into()), error: None }
/// };
/// span.respond(answer);
/// span.end();
/// ```
#[derive(Debug)]
pub struct ServerSpan {
    context: Context,
    /// The `{method}` of the span name.
    method: &'static str,
    semconv: SemconvMode,
    status: Option<u16>,
    /// Message of the error that was answered with.
    message: Option<String>,
    ended: bool,
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
        let method = RequestMethod::classify(facts.method, settings);
        let builder = SpanBuilder::from_name(method.in_span_name())
            .with_kind(SpanKind::Server)
            .with_attributes(attributes::of_request(facts, method, settings.semconv));
        let span = global::tracer_with_scope(scope.clone()).build_with_context(builder, parent);
        Self {
            context: parent.with_span(span),
            method: method.in_span_name(),
            semconv: settings.semconv,
            status: None,
            message: None,
            ended: false,
        }
    }

    /// The context to make current while the request is handled, on each poll.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Names the function that handles the request (`code.*`).
    pub fn set_code(&self, location: &CodeLocation) {
        set_code(&self.context, location);
    }

    /// Records the response head: route, status code and error. The span stays open until the body ended.
    pub fn respond(&mut self, facts: ResponseFacts) {
        self.status = Some(facts.status);
        let span = self.context.span();
        if !span.is_recording() {
            return;
        }
        let route = facts.route.map(StringValue::from);
        if let Some(route) = &route {
            // Low cardinality by rule: `{method} {route}`, or the method alone; never the path.
            span.update_name(format!("{} {route}", self.method));
        }
        span.set_attributes(attributes::of_response(facts.status, route, self.semconv));
        if is_server_error(facts.status) {
            self.message = facts.error;
        }
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

    fn finish(&mut self, failure: Option<&Failure>) {
        self.ended = true;
        let span = self.context.span();
        // Decided here, at the end, because a body can still fail after its head said all was well; and because the
        // SDK records an attribute that is set twice twice.
        if span.is_recording()
            && let Some(error_type) = error_type(self.status, failure)
        {
            span.set_attribute(KeyValue::new("error.type", StringValue::from(error_type)));
            let message = self.message.take();
            if let Some(message) = &message {
                // https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/; the type of a boxed error
                // cannot be known, and a guess would be worse than none.
                span.add_event("exception", vec![KeyValue::new("exception.message", message.clone())]);
            }
            span.set_status(Status::Error { description: message.map_or(Cow::Borrowed(""), Cow::Owned) });
        }
        span.end();
    }
}

impl Drop for ServerSpan {
    fn drop(&mut self) {
        if !self.ended {
            self.finish(Some(if std::thread::panicking() { &Failure::Panic } else { &Failure::Cancelled }));
        }
    }
}

/// Names the function that handles a request on the request's SERVER span, which `context` holds.
pub fn set_code(context: &Context, location: &CodeLocation) {
    let span = context.span();
    if span.is_recording() {
        span.set_attributes(location.attributes());
    }
}

/// The context whose span is the SERVER span of the request that is being handled here.
///
/// This is the current context: a middleware that starts a span of its own around the handler stands in between.
#[must_use]
pub fn server_context() -> Context {
    Context::current()
}
