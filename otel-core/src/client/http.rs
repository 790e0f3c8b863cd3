//! The span of an outgoing HTTP request.

use std::time::Duration;

use opentelemetry::{Context, InstrumentationScope};

use super::inject::{self, RequestHeaders};
use super::metrics::HttpOutcome;
use super::nested::{Attached, is_nested};
use super::open_call::{OpenCall, PooledCall};
use super::running::RunningCall;
use super::time_out::error_of_given_up_call;
use crate::http::method::RequestMethod;
use crate::http::settings::HttpSettings;
use crate::http::{ClientRequestFacts, ClientResponseFacts};
use crate::propagation::are_usual;
use crate::suppress::is_disabled;

/// The CLIENT span of one HTTP request: of each attempt, where a library sends a request again.
///
/// It ends when the body of the response ends. Dropped before, the call was given up, which is no error.
///
/// ```
/// use otel_core::client::{self, HttpClientSpan};
/// use otel_core::http::{ClientRequestFacts, ClientResponseFacts, HttpVersion};
///
/// # fn send(request: &http::Request<()>) -> std::io::Result<http::Response<&'static str>> { Ok(http::Response::new("hello")) }
/// fn call(mut request: http::Request<()>) -> std::io::Result<&'static str> {
///     let uri = request.uri();
///     let authority = uri.authority().map_or("", |authority| authority.as_str());
///     let mut facts = ClientRequestFacts::new(request.method().as_str(), "https", authority, uri.path());
///     facts.query = uri.query();
///     facts.headers = request.headers();
///     let mut span = HttpClientSpan::start(client::scope(), &facts);
///     span.inject(request.headers_mut());
///     let result = {
///         let _attached = span.attach();
///         send(&request)
///     };
///     match result {
///         Ok(response) => {
///             let facts = ClientResponseFacts::new(response.status().as_u16(), HttpVersion::Http11);
///             span.respond(&facts.with_headers(response.headers()));
///             // … read the body …
///             span.end();
///             Ok(response.into_body())
///         }
///         Err(error) => {
///             span.fail(otel_core::http::error_type_of(&error).unwrap_or("_OTHER"));
///             Err(error)
///         }
///     }
/// }
/// # call(http::Request::get("https://example.com/").body(()).unwrap()).unwrap();
/// ```
#[derive(Debug)]
pub struct HttpClientSpan {
    state: HttpCallState,
}

#[derive(Debug)]
enum HttpCallState {
    Open(PooledCall),
    /// No telemetry is recorded; the context in which the call runs is still injected.
    Silent,
    /// The request is part of a call that has a span already.
    Nested,
    Ended,
}

impl HttpClientSpan {
    /// Starts the span below the current one.
    ///
    /// `scope` names the instrumentation library. No span is started where telemetry is suppressed or disabled, nor for a
    /// request that belongs to a call with a span: one library may use another that is instrumented as well.
    #[must_use]
    #[inline]
    pub fn start(scope: &'static InstrumentationScope, facts: &ClientRequestFacts<'_>) -> Self {
        if is_disabled() {
            return Self { state: HttpCallState::Silent };
        }
        let (is_suppressed, is_nested) =
            Context::map_current(|current| (current.is_telemetry_suppressed(), is_nested(current, facts.headers)));
        let state = match (is_suppressed, is_nested) {
            (true, _) => HttpCallState::Silent,
            (false, true) => HttpCallState::Nested,
            (false, false) => HttpCallState::Open(start(scope, facts, HttpSettings::current())),
        };
        Self { state }
    }

    /// No span: the call leaves no telemetry, and its headers stay as they are.
    #[must_use]
    pub const fn none() -> Self {
        Self { state: HttpCallState::Ended }
    }

    /// Injects the trace context with the configured propagators, in place of the one that the headers hold.
    pub fn inject(&self, headers: &mut dyn RequestHeaders) {
        match &self.state {
            HttpCallState::Open(call) => inject::inject(&call.context, headers, call.are_propagators_usual),
            HttpCallState::Silent => inject::inject(&Context::current(), headers, are_usual()),
            HttpCallState::Nested | HttpCallState::Ended => {}
        }
    }

    /// Makes the span current. A future does so in each poll.
    #[inline]
    pub fn attach(&self) -> Attached {
        match &self.state {
            HttpCallState::Open(call) => Attached::request(&call.context),
            _ => Attached::nothing(),
        }
    }

    /// The future with the span current in each poll.
    pub fn run<F: Future>(&self, future: F) -> RunningCall<'_, F> {
        match &self.state {
            HttpCallState::Open(call) => RunningCall::request(future, Some(&call.context)),
            _ => RunningCall::request(future, None),
        }
    }

    /// Records the response head. The span stays open until the body ended.
    pub fn respond(&mut self, facts: &ClientResponseFacts<'_>) {
        if let HttpCallState::Open(call) = &mut self.state {
            call.facts.set_http_response(facts);
        }
    }

    /// Returns `true` if there is a span to end.
    #[must_use]
    #[inline]
    pub fn is_open(&self) -> bool {
        matches!(self.state, HttpCallState::Open(_))
    }

    /// The time since the start of the span; zero if there is none.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        match &self.state {
            HttpCallState::Open(call) => Duration::from_nanos(call.end_now().0),
            _ => Duration::ZERO,
        }
    }

    /// Some more bytes of the response body were read, as they were sent. Their number is recorded where the settings ask for
    /// sizes, unless the head has it, or the body is not read to its end.
    #[inline]
    pub fn add_response_body_size(&mut self, bytes: usize) {
        if let HttpCallState::Open(call) = &mut self.state {
            call.facts.add_http_response_body(bytes as u64);
        }
    }

    /// Ends the span now: the body ended, or there is none.
    #[inline]
    pub fn end(mut self) {
        self.finish(None, true);
    }

    /// Ends the span now: there is no response, or it broke off. `error_type` is one word of low cardinality, see
    /// [`error_type_of`](crate::http::error_type_of).
    pub fn fail(mut self, error_type: &'static str) {
        self.finish(Some(error_type), false);
    }

    #[inline]
    fn finish(&mut self, failure: Option<&'static str>, is_whole: bool) {
        if let HttpCallState::Open(call) = std::mem::replace(&mut self.state, HttpCallState::Ended) {
            finish(call, failure, is_whole);
        }
    }
}

impl Drop for HttpClientSpan {
    /// The call was given up, or the rest of its response. Neither is an error, unless its [time is over](super::time_out).
    #[inline]
    fn drop(&mut self) {
        if self.is_open() {
            self.finish(error_of_given_up_call(), false);
        }
    }
}

#[inline]
fn start(
    scope: &'static InstrumentationScope,
    facts: &ClientRequestFacts<'_>,
    settings: &'static HttpSettings,
) -> PooledCall {
    let method = RequestMethod::classify(facts.method, settings);
    OpenCall::start(scope, method.in_span_name(), |open_facts| open_facts.start_http(facts, method, settings))
}

/// `is_whole` is `true` if the body of the response was read to its end.
fn finish(mut call: PooledCall, failure: Option<&'static str>, is_whole: bool) {
    let (duration, end) = call.end_now();
    let error_type = call.facts.end_http(failure, is_whole);
    if let (Some(instruments), Some(view)) = (&call.instruments, call.facts.http()) {
        instruments.record_http(&HttpOutcome::of(&view), Duration::from_nanos(duration), &call.context);
    }
    call.finish(end, error_type.is_some());
}
