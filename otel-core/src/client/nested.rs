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
    /// The span of the call that the thread runs.
    static RUNNING: Cell<SpanId> = const { Cell::new(SpanId::INVALID) };

    /// The span of the query that the thread ran last. It still runs if it is the same as `RUNNING`.
    static LAST_QUERY: Cell<SpanId> = const { Cell::new(SpanId::INVALID) };
}

/// While it lives, the span of a call is current on this thread.
#[derive(Debug)]
#[must_use = "the span is current until this is dropped"]
pub struct Attached {
    outer: SpanId,
    context: Option<ContextGuard>,
}

impl Attached {
    /// Makes the context of an HTTP request or a remote procedure call current.
    #[inline]
    pub(super) fn request(context: &Context) -> Self {
        Self::call(context, context.span().span_context().span_id())
    }

    /// Makes the context of a query current. An HTTP request that is sent meanwhile is another call.
    #[inline]
    pub(super) fn query(context: &Context) -> Self {
        let id = context.span().span_context().span_id();
        let _ = LAST_QUERY.try_with(|last| last.set(id));
        Self::call(context, id)
    }

    #[inline]
    fn call(context: &Context, id: SpanId) -> Self {
        // Refused only while the thread ends.
        let outer = RUNNING.try_with(|running| running.replace(id)).unwrap_or(SpanId::INVALID);
        Self { outer, context: Some(context.clone().attach()) }
    }

    /// Changes nothing.
    #[inline]
    pub(super) fn nothing() -> Self {
        Self { outer: running(), context: None }
    }

    /// Returns the guard of the context, and the id that [`restore`](Self::restore) takes afterwards, for a guard of another
    /// type; `None` if this changed nothing.
    #[doc(hidden)]
    #[must_use]
    pub fn into_parts(mut self) -> Option<(ContextGuard, [u8; 8])> {
        let parts = self.context.take().map(|context| (context, self.outer.to_bytes()))?;
        std::mem::forget(self);
        Some(parts)
    }

    /// Does what the end of a guard does, for one that was taken apart.
    #[doc(hidden)]
    pub fn restore(outer: [u8; 8]) {
        set_running(SpanId::from_bytes(outer));
    }
}

impl Drop for Attached {
    #[inline]
    fn drop(&mut self) {
        set_running(self.outer);
    }
}

#[inline]
fn set_running(id: SpanId) {
    let _ = RUNNING.try_with(|running| running.set(id));
}

/// The call that the thread runs.
#[inline]
fn running() -> SpanId {
    // Refused only while the thread ends.
    RUNNING.try_with(Cell::get).unwrap_or(SpanId::INVALID)
}

/// Returns `true` if a request with these headers belongs to the HTTP call that the thread runs.
#[inline]
pub(super) fn is_nested(current: &Context, headers: &dyn HeaderLookup) -> bool {
    let running = running();
    running != SpanId::INVALID && current.span().span_context().span_id() == running && is_injected(current, headers)
}

/// Returns `true` if the thread runs a query, and no other span is current within it.
#[inline]
pub(super) fn is_within_query() -> bool {
    let running = running();
    let is_query = running != SpanId::INVALID && LAST_QUERY.try_with(Cell::get).is_ok_and(|last| last == running);
    is_query && Context::map_current(|current| current.span().span_context().span_id()) == running
}
