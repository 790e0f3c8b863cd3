//! The life of a request: its SERVER span, from the request head to the end of the response body, and its metrics.
//!
//! A framework's layer gathers [`RequestFacts`] from the request head, starts a [`ServerSpan`] with them, makes its
//! [context](ServerSpan::context) current while the request is handled, reports [`ResponseFacts`] with the response head,
//! and ends the span with the response body.

mod active_globals;
mod api_span;
mod exception;
#[cfg(all(test, feature = "_otlp"))]
mod exported_tests;
mod finish;
mod metrics;
mod open_request;
mod start;
mod suppressed;
mod trace_context;

use std::sync::LazyLock;

use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, InstrumentationScope};

use crate::code::CodeLocation;
use crate::http::settings::HttpSettings;
use crate::http::{Failure, RequestFacts, ResponseFacts};
use crate::recorder::SpanSink;

use open_request::{OpenRequest, PooledRequest};
pub use suppressed::{excluded_context, passing_context};

/// The SERVER span of one request. If it is dropped without [`end`](Self::end), the request counts as failed: by a panic if
/// the thread is panicking, otherwise as cancelled. So a span never stays open, however a handler returns.
///
/// ```
/// use std::sync::LazyLock;
/// use opentelemetry::InstrumentationScope;
/// use otel_core::http::{HttpVersion, RequestFacts, ResponseFacts, settings::HttpSettings};
/// use otel_core::server::ServerSpan;
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
/// static SCOPE: LazyLock<InstrumentationScope> =
///     LazyLock::new(|| InstrumentationScope::builder("my-framework").build());
/// let mut span = ServerSpan::start(&SCOPE, &facts, HttpSettings::current());
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
    /// The request while it is open; `None` once it ended. In a box, because a `ServerSpan` moves often: with futures and
    /// bodies, from one layer to the next.
    request: Option<PooledRequest>,
}

impl ServerSpan {
    /// Starts the span of a request. Its parent is the span that the request's headers name.
    ///
    /// `scope` names the instrumentation library and is the same for all requests of a thread. The global provider is used;
    /// a thread notices after a second at the latest that it was replaced.
    #[must_use]
    pub fn start(
        scope: &'static InstrumentationScope,
        facts: &RequestFacts<'_>,
        settings: &'static HttpSettings,
    ) -> Self {
        Self { request: Some(start::start(scope, facts, settings)) }
    }

    #[cfg(all(test, feature = "_otlp"))]
    pub(crate) fn in_recorder(
        tracer: &crate::recorder::Tracer,
        facts: &RequestFacts<'_>,
        settings: &'static HttpSettings,
        parent: Option<&opentelemetry::trace::SpanContext>,
    ) -> Self {
        Self { request: start::in_recorder(tracer, facts, settings, parent) }
    }

    #[cfg(all(test, feature = "_otlp"))]
    pub(crate) fn set_code(&mut self, code: &'static CodeLocation) {
        if let Some(request) = &mut self.request {
            request.span.record.code = Some(code);
        }
    }

    /// A request without telemetry: an excluded one, with its [context](excluded_context), or one whose context is only
    /// [forwarded](passing_context).
    #[must_use]
    pub fn silent(context: Context) -> Self {
        let mut request = OpenRequest::pooled();
        request.context = context;
        Self { request: Some(request) }
    }

    /// The value of the `traceresponse` header, which names the request's trace and span to the client. `None` if the settings
    /// do not ask for it.
    ///
    /// Source: [W3C trace context](https://w3c.github.io/trace-context/#traceresponse-header).
    #[must_use]
    pub fn trace_response(&self) -> Option<String> {
        let request = self.request().filter(|_| self.wants_trace_response())?;
        let span = request.context.span();
        let context = span.span_context();
        context
            .is_valid()
            .then(|| format!("00-{}-{}-{:02x}", context.trace_id(), context.span_id(), context.trace_flags()))
    }

    /// Returns `true` if the settings ask for a `traceresponse` header.
    #[must_use]
    #[inline]
    pub fn wants_trace_response(&self) -> bool {
        self.request().and_then(|request| request.settings).is_some_and(|settings| settings.trace_response_header)
    }

    /// The context of the request. Make it current for each poll while the request is handled.
    #[must_use]
    #[inline]
    pub fn context(&self) -> &Context {
        static ENDED: LazyLock<Context> = LazyLock::new(Context::new);
        self.request().map_or_else(|| &*ENDED, |request| &request.context)
    }

    /// Returns `true` if the request leaves no telemetry: facts need not be gathered for it.
    #[must_use]
    #[inline]
    pub fn is_silent(&self) -> bool {
        self.request().is_none_or(|request| request.settings.is_none())
    }

    /// Returns `true` if the route is recorded, on the span or on metrics.
    #[must_use]
    #[inline]
    pub fn wants_route(&self) -> bool {
        self.request().is_some_and(|request| request.sink != SpanSink::None || request.metrics.is_some())
    }

    /// The path of the request target as sent, for layers that look a route up when the request itself is gone. Empty for
    /// silent spans, and for paths over 512 bytes if the span is not recorded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.request().map_or("", OpenRequest::path)
    }

    /// Records the response head: route, status code and error. The span stays open until the body ended.
    pub fn respond(&mut self, facts: ResponseFacts<'_>) {
        if let Some(request) = &mut self.request {
            finish::respond(request, facts);
        }
    }

    /// Adds bytes of the response body that were sent. Their sum is recorded if the settings ask for body sizes.
    #[inline]
    pub fn add_response_body_size(&mut self, bytes: usize) {
        if let Some(request) = &mut self.request {
            let sent = request.response_body.get_or_insert(0);
            *sent = sent.saturating_add(bytes as u64);
        }
    }

    /// Ends the span now. If there was no response, the request counts as cancelled.
    pub fn end(mut self) {
        if let Some(request) = self.request.take() {
            let is_answered = request.status.is_some();
            finish::finish(request, (!is_answered).then_some(&Failure::Cancelled));
        }
    }

    /// Ends the span now, as failed. The status code of a response stays recorded.
    pub fn fail(mut self, failure: &Failure) {
        if let Some(request) = self.request.take() {
            finish::finish(request, Some(failure));
        }
    }

    #[inline]
    fn request(&self) -> Option<&OpenRequest> {
        self.request.as_deref()
    }
}

impl Drop for ServerSpan {
    #[inline]
    fn drop(&mut self) {
        if let Some(request) = self.request.take() {
            finish::finish_dropped(request);
        }
    }
}

/// Records the function that handles a request, on the SERVER span in `context`.
pub fn set_code(context: &Context, location: &CodeLocation) {
    let span = context.span();
    if span.is_recording() {
        span.set_attributes(location.attributes());
    }
}
