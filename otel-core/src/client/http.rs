//! The span of an outgoing HTTP request.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::{Context, InstrumentationScope};

use super::active_globals::ActiveGlobals;
use super::inject::{self, RequestHeaders};
use super::metrics::{HttpOutcome, Instruments};
use super::nested::{Attached, is_nested};
use super::open_call::{OpenCall, PooledCall};
use super::running::RunningCall;
use crate::clock::Moment;
use crate::http::client::call_error;
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
    Open(OpenHttpCall),
    /// No telemetry is recorded; the context in which the call runs is still injected.
    Silent,
    /// The request is part of a call that has a span already.
    Nested,
    Ended,
}

#[derive(Debug)]
struct OpenHttpCall {
    call: PooledCall,
    settings: &'static HttpSettings,
    /// `None` if metrics are not exported.
    instruments: Option<Arc<Instruments>>,
    method: &'static str,
    /// `true` if the global propagators are the usual ones.
    are_propagators_usual: bool,
    request_body: Option<u64>,
    /// Bytes of the response body that were read; `None` if they are not counted.
    response_body: Option<u64>,
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
            (false, false) => HttpCallState::Open(OpenHttpCall::start(scope, facts, HttpSettings::current())),
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
            HttpCallState::Open(open) => inject::inject(&open.call.context, headers, open.are_propagators_usual),
            HttpCallState::Silent => inject::inject(&Context::current(), headers, are_usual()),
            HttpCallState::Nested | HttpCallState::Ended => {}
        }
    }

    /// Makes the span current. A future does so in each poll.
    #[inline]
    pub fn attach(&self) -> Attached {
        match &self.state {
            HttpCallState::Open(open) => Attached::request(&open.call.context),
            _ => Attached::nothing(),
        }
    }

    /// The future with the span current in each poll.
    pub fn run<F: Future>(&self, future: F) -> RunningCall<'_, F> {
        match &self.state {
            HttpCallState::Open(open) => RunningCall::request(future, Some(&open.call.context)),
            _ => RunningCall::request(future, None),
        }
    }

    /// Records the response head. The span stays open until the body ended.
    pub fn respond(&mut self, facts: &ClientResponseFacts<'_>) {
        if let HttpCallState::Open(open) = &mut self.state {
            open.call.facts.set_http_response(facts, open.settings);
        }
    }

    /// Returns `true` if there is a span to end.
    #[must_use]
    #[inline]
    pub fn is_open(&self) -> bool {
        matches!(self.state, HttpCallState::Open(_))
    }

    /// Some more bytes of the response body were read. Their number is recorded where the settings ask for sizes.
    #[inline]
    pub fn add_response_body_size(&mut self, bytes: usize) {
        if let HttpCallState::Open(open) = &mut self.state {
            let read = open.response_body.get_or_insert(0);
            *read = read.saturating_add(bytes as u64);
        }
    }

    /// Ends the span now: the body ended, or there is none.
    #[inline]
    pub fn end(mut self) {
        self.finish(None);
    }

    /// Ends the span now: there is no response, or it broke off. `error_type` is one word of low cardinality, see
    /// [`error_type_of`](crate::http::error_type_of).
    pub fn fail(mut self, error_type: &'static str) {
        self.finish(Some(error_type));
    }

    #[inline]
    fn finish(&mut self, failure: Option<&'static str>) {
        if let HttpCallState::Open(open) = std::mem::replace(&mut self.state, HttpCallState::Ended) {
            open.finish(failure);
        }
    }
}

impl Drop for HttpClientSpan {
    /// The call was given up, or the rest of its response. Neither is an error.
    #[inline]
    fn drop(&mut self) {
        self.finish(None);
    }
}

impl OpenHttpCall {
    #[inline]
    fn start(
        scope: &'static InstrumentationScope,
        facts: &ClientRequestFacts<'_>,
        settings: &'static HttpSettings,
    ) -> Self {
        let now = Moment::now();
        let globals = ActiveGlobals::of(scope, now);
        let method = RequestMethod::classify(facts.method, settings);
        let call = OpenCall::start(globals.tracer.as_ref(), scope, method.in_span_name(), now, |open_facts| {
            open_facts.start_http(facts, method, settings);
        });
        let request_body = facts.body_size.filter(|_| settings.body_sizes);
        let (instruments, method) = (globals.instruments.clone(), method.as_attribute());
        let are_propagators_usual = globals.are_propagators_usual;
        Self { call, settings, instruments, method, are_propagators_usual, request_body, response_body: None }
    }

    fn finish(self, failure: Option<&'static str>) {
        let Self { mut call, settings, instruments, method, request_body, response_body, .. } = self;
        let (duration, end) = call.end_now();
        let response = call.facts.http_response();
        let error_type = call_error(response.map(|(status, _)| status), failure);
        let response_body = response_body.filter(|_| settings.body_sizes);
        if let (Some(instruments), Some((scheme, authority))) = (instruments, call.facts.http_server()) {
            let outcome = HttpOutcome {
                semconv: settings.semconv,
                method,
                scheme,
                authority,
                response,
                error_type,
                request_body,
                response_body,
            };
            instruments.record_http(&outcome, Duration::from_nanos(duration), &call.context);
        }
        if let Some(error_type) = error_type {
            call.facts.set_http_error(error_type);
        }
        if settings.body_sizes {
            call.facts.set_http_sizes(request_body, response_body);
        }
        call.finish(end, error_type.is_some());
    }
}
