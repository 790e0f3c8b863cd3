//! The span of an HTTP request.

use std::fmt::Debug;
use std::time::Duration;

use super::{Attached, Scope};
use crate::hooks;
use crate::http::{ClientRequestFacts, ClientResponseFacts};

/// Headers of a request that is about to be sent.
pub trait RequestHeaders {
    /// Sets a header in place of all lines that it has.
    fn set(&mut self, name: &str, value: &[u8]);

    /// Removes all lines of a header.
    fn remove(&mut self, name: &str);
}

/// The runtime's part of a request. Dropped, the span ends.
pub trait HttpCall: Debug + Send + Sync {
    /// Injects the trace context.
    fn inject(&self, headers: &mut dyn RequestHeaders);

    /// Makes the span current until the guard is dropped.
    fn attach(&self) -> Attached;

    /// Records the response head.
    fn respond(&mut self, facts: &ClientResponseFacts<'_>);

    /// Returns `true` if there is a span to end.
    fn is_open(&self) -> bool;

    /// The time since the start of the span.
    fn elapsed(&self) -> Duration;

    /// Counts bytes of the response body.
    fn add_response_body_size(&mut self, bytes: usize);

    /// Ends the span: the body ended, or there is none.
    fn end(self: Box<Self>);

    /// Ends the span: there is no response, or it broke off.
    fn fail(self: Box<Self>, error_type: &'static str);
}

/// The CLIENT span of one HTTP request.
#[derive(Debug)]
pub struct HttpClientSpan(Option<Box<dyn HttpCall>>);

impl HttpClientSpan {
    /// Starts the span below the current one.
    #[must_use]
    pub fn start(_: Scope, facts: &ClientRequestFacts<'_>) -> Self {
        Self(hooks::started(|hooks| (hooks.start_http_call)(facts)))
    }

    /// No span: the call leaves no telemetry.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Injects the trace context into the headers.
    pub fn inject(&self, headers: &mut dyn RequestHeaders) {
        if let Some(call) = &self.0 {
            call.inject(headers);
        }
    }

    /// Makes the span current. A future does so in each poll.
    pub fn attach(&self) -> Attached {
        self.0.as_ref().map_or(Attached::nothing(), |call| call.attach())
    }

    /// Records the response head. The span stays open until the body ended.
    pub fn respond(&mut self, facts: &ClientResponseFacts<'_>) {
        if let Some(call) = &mut self.0 {
            call.respond(facts);
        }
    }

    /// Returns `true` if there is a span to end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.as_ref().is_some_and(|call| call.is_open())
    }

    /// The time since the start of the span; zero if there is none.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.as_ref().map_or(Duration::ZERO, |call| call.elapsed())
    }

    /// Some more bytes of the response body were read.
    pub fn add_response_body_size(&mut self, bytes: usize) {
        if let Some(call) = &mut self.0 {
            call.add_response_body_size(bytes);
        }
    }

    /// Ends the span now: the body ended, or there is none.
    pub fn end(self) {
        if let Some(call) = self.0 {
            call.end();
        }
    }

    /// Ends the span now: there is no response, or it broke off.
    pub fn fail(self, error_type: &'static str) {
        if let Some(call) = self.0 {
            call.fail(error_type);
        }
    }
}
