//! Calls within calls: a library may send its request through another one that is instrumented as well.
//!
//! The outer library's span is current then, and its trace context is in the headers. Such a request gets no second span.
//! Another request that is sent meanwhile, for an access token say, has other headers, and a span of its own.
//!
//! A query within a query is the same one, sent by another library, or belongs to it. It has no span either.

use std::cell::Cell;

use opentelemetry::trace::{SpanId, TraceContextExt as _};
use opentelemetry::{Context, ContextGuard};

use super::inject::is_injected;
use crate::http::HeaderLookup;

thread_local! {
    static RUNNING: Cell<ThreadCall> = const { Cell::new(ThreadCall::NONE) };
}

/// The call that a thread runs.
#[derive(Clone, Copy, Debug)]
struct ThreadCall {
    /// The id of its span. Invalid if there is no call.
    span: SpanId,
    is_query: bool,
}

impl ThreadCall {
    const NONE: Self = Self { span: SpanId::INVALID, is_query: false };

    /// The call that this thread runs.
    #[inline]
    fn running() -> Self {
        // Refused only while the thread ends.
        RUNNING.try_with(Cell::get).unwrap_or(Self::NONE)
    }

    /// Returns `true` if the span of this call is current.
    #[inline]
    fn is_current(self, current: &Context) -> bool {
        self.span != SpanId::INVALID && current.span().span_context().span_id() == self.span
    }
}

/// While it lives, the span of a call is current on this thread.
#[derive(Debug)]
#[must_use = "the span is current until this is dropped"]
pub struct Attached {
    outer: ThreadCall,
    context: Option<ContextGuard>,
}

impl Attached {
    /// Makes the context of an HTTP request or a remote procedure call current.
    #[inline]
    pub(super) fn request(context: &Context) -> Self {
        Self::call(context, false)
    }

    /// Makes the context of a query current. An HTTP request that is sent meanwhile is another call.
    #[inline]
    pub(super) fn query(context: &Context) -> Self {
        Self::call(context, true)
    }

    #[inline]
    fn call(context: &Context, is_query: bool) -> Self {
        let call = ThreadCall { span: context.span().span_context().span_id(), is_query };
        // Refused only while the thread ends.
        let outer = RUNNING.try_with(|running| running.replace(call)).unwrap_or(ThreadCall::NONE);
        Self { outer, context: Some(context.clone().attach()) }
    }

    /// Changes nothing.
    #[inline]
    pub(super) fn nothing() -> Self {
        Self { outer: ThreadCall::running(), context: None }
    }

    /// Returns the guard of the context, and the outer call, which [`restore`](Self::restore) takes afterwards, for a guard of
    /// another type; `None` if this changed nothing.
    #[doc(hidden)]
    #[must_use]
    pub fn into_parts(mut self) -> Option<(ContextGuard, ([u8; 8], bool))> {
        let outer = (self.outer.span.to_bytes(), self.outer.is_query);
        let parts = self.context.take().map(|context| (context, outer))?;
        std::mem::forget(self);
        Some(parts)
    }

    /// Does what the end of a guard does, for one that was taken apart.
    #[doc(hidden)]
    pub fn restore((span, is_query): ([u8; 8], bool)) {
        set_running(ThreadCall { span: SpanId::from_bytes(span), is_query });
    }
}

impl Drop for Attached {
    #[inline]
    fn drop(&mut self) {
        set_running(self.outer);
    }
}

#[inline]
fn set_running(call: ThreadCall) {
    let _ = RUNNING.try_with(|running| running.set(call));
}

/// Returns `true` if a request with these headers belongs to the HTTP call that the thread runs.
#[inline]
pub(super) fn is_nested(current: &Context, headers: &dyn HeaderLookup) -> bool {
    ThreadCall::running().is_current(current) && is_injected(current, headers)
}

/// Returns `true` if the thread runs a query, and no other span is current within it.
#[inline]
pub(super) fn is_within_query() -> bool {
    let running = ThreadCall::running();
    running.is_query && Context::map_current(|current| running.is_current(current))
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, TraceFlags, TraceId, TraceState};

    use super::*;

    fn context(span: u64) -> Context {
        let (trace, span) = (TraceId::from(1_u128), SpanId::from(span));
        let span = SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::NONE);
        Context::new().with_remote_span_context(span)
    }

    #[test]
    fn a_query_runs_until_it_ends_whatever_runs_within_it() {
        assert!(!is_within_query());
        let query = Attached::query(&context(1));
        assert!(is_within_query());
        {
            let _request = Attached::request(&context(2));
            assert!(!is_within_query());
            {
                let _query_of_the_request = Attached::query(&context(3));
                assert!(is_within_query());
            }
            assert!(!is_within_query());
        }
        assert!(is_within_query());
        {
            // A span of the application, within which a query is its own.
            let _span = context(4).attach();
            assert!(!is_within_query());
        }
        drop(query);
        assert!(!is_within_query());
    }
}
