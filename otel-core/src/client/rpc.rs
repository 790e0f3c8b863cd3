//! The span of a remote procedure call.

use std::fmt;
use std::time::Duration;

use opentelemetry::{Context, InstrumentationScope};

use super::inject::{self, RequestHeaders};
use super::nested::{Attached, is_nested};
use super::open_call::{OpenCall, PooledCall};
use super::running::RunningCall;
use super::time_out::error_of_given_up_call;
use crate::http::HeaderLookup;
use crate::propagation::are_usual;
use crate::suppress::is_disabled;

/// Facts of a remote procedure call that is about to be sent, borrowed.
///
/// Source: [RPC client span](https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/#client).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RpcFacts<'a> {
    /// The RPC system, as the conventions spell it: `grpc`, `connectrpc`, …
    pub system: &'static str,
    /// The method with its service: `package.Service/Method`.
    pub method: &'a str,
    /// Host name or IP address of the server.
    pub server_address: Option<&'a str>,
    /// Port of the server.
    pub server_port: Option<u16>,
    /// The headers, before the trace context is injected. `&()` for none.
    pub headers: &'a dyn HeaderLookup,
}

impl<'a> RpcFacts<'a> {
    /// A call of which only the system and the method are known.
    #[must_use]
    pub const fn new(system: &'static str, method: &'a str) -> Self {
        Self { system, method, server_address: None, server_port: None, headers: &() }
    }
}

impl fmt::Debug for RpcFacts<'_> {
    /// Leaves out headers, which may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcFacts").field("system", &self.system).field("method", &self.method).finish_non_exhaustive()
    }
}

/// The CLIENT span of one remote procedure call.
///
/// Dropped without [`end`](Self::end), the call was given up, which is no error.
///
/// ```
/// use otel_core::client::{self, RpcFacts, RpcSpan};
///
/// let mut span = RpcSpan::start(client::scope(), &RpcFacts::new("grpc", "shop.Catalog/Find"));
/// let mut headers = http::HeaderMap::new();
/// span.inject(&mut headers);
/// // … send the request, and receive the response with its status …
/// span.set_status_code("NOT_FOUND");
/// span.fail("NOT_FOUND");
/// ```
#[derive(Debug)]
pub struct RpcSpan {
    /// `None` where no telemetry is recorded, and once the span ended.
    open: Option<PooledCall>,
}

impl RpcSpan {
    /// Starts the span below the current one.
    ///
    /// `scope` names the instrumentation library. No span is started where telemetry is suppressed or disabled, nor for a call
    /// that is part of a request with a span.
    #[must_use]
    pub fn start(scope: &'static InstrumentationScope, facts: &RpcFacts<'_>) -> Self {
        let is_silent = |current: &Context| current.is_telemetry_suppressed() || is_nested(current, facts.headers);
        if is_disabled() || Context::map_current(is_silent) {
            return Self { open: None };
        }
        let call = OpenCall::start(scope, facts.system, |open_facts| {
            open_facts.start_rpc(facts.system, facts.method, facts.server_address, facts.server_port);
        });
        Self { open: Some(call) }
    }

    /// Injects the trace context with the configured propagators, in place of the one that the headers hold.
    pub fn inject(&self, headers: &mut dyn RequestHeaders) {
        match &self.open {
            Some(call) => inject::inject(&call.context, headers, call.are_propagators_usual),
            None => inject::inject(&Context::current(), headers, are_usual()),
        }
    }

    /// Makes the span current. A future does so in each poll.
    pub fn attach(&self) -> Attached {
        self.open.as_ref().map_or_else(Attached::nothing, |call| Attached::request(&call.context))
    }

    /// The future with the span current in each poll.
    pub fn run<F: Future>(&self, future: F) -> RunningCall<'_, F> {
        RunningCall::request(future, self.open.as_ref().map(|call| &call.context))
    }

    /// Returns `true` if there is a span to end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Sets the status code of the response, as the conventions of the system spell it: `OK`, `NOT_FOUND`.
    pub fn set_status_code(&mut self, code: &str) {
        if let Some(call) = &mut self.open {
            call.facts.set_rpc_status(code);
        }
    }

    /// Ends the span now.
    pub fn end(mut self) {
        self.finish(None);
    }

    /// Ends the span now, as failed. `error_type` is one word of low cardinality, such as the status code.
    pub fn fail(mut self, error_type: &'static str) {
        self.finish(Some(error_type));
    }

    fn finish(&mut self, error_type: Option<&'static str>) {
        let Some(mut call) = self.open.take() else { return };
        let (duration, end) = call.end_now();
        if let Some(error_type) = error_type {
            call.facts.set_rpc_error(error_type);
        }
        if let (Some(instruments), Some(view)) = (&call.instruments, call.facts.rpc()) {
            instruments.record_rpc(&view, Duration::from_nanos(duration), &call.context);
        }
        call.finish(end, error_type.is_some());
    }
}

impl Drop for RpcSpan {
    fn drop(&mut self) {
        self.finish(error_of_given_up_call());
    }
}
