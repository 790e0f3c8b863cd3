//! Reports spans when they start and when they end, besides exporting them, so that the viewer can show open spans.

use std::fmt::Debug;
use std::sync::OnceLock;

use opentelemetry::trace::SpanId;

use crate::clock::Timestamp;
use crate::span_ids::Ids;

static WATCH: OnceLock<Box<dyn SpanWatch>> = OnceLock::new();

/// A span that has started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartedSpan<'a> {
    pub(crate) ids: Ids,
    /// Invalid for a root.
    pub(crate) parent: SpanId,
    /// The name as far as it is known: that of a request has no route yet.
    pub(crate) name: &'a str,
    /// The path of a request; `None` for other spans.
    pub(crate) path: Option<&'a str>,
    pub(crate) start: Timestamp,
}

/// Receives spans on the thread where they start or end, and so must be quick.
pub(crate) trait SpanWatch: Debug + Send + Sync {
    fn started(&self, span: StartedSpan<'_>);

    /// Called when the span has ended. It is exported afterwards, unless the queue is full.
    fn ended(&self, id: SpanId);
}

/// Reports spans to `watch` from now on, until the process ends. Only the first call has an effect: telemetry starts
/// once.
pub(crate) fn install(watch: impl SpanWatch + 'static) {
    let _ = WATCH.set(Box::new(watch));
}

#[inline]
pub(crate) fn started(span: StartedSpan<'_>) {
    if let Some(watch) = WATCH.get() {
        watch.started(span);
    }
}

#[inline]
pub(crate) fn ended(id: SpanId) {
    if let Some(watch) = WATCH.get() {
        watch.ended(id);
    }
}
