//! The spans and log records of one trace.

use std::borrow::Cow;
use std::sync::Arc;

use smallvec::SmallVec;

use super::origins::KeptOrigin;
use crate::otlp::{SpanHead, TextRange};

/// Bytes of a trace in the map and in the order, both of which may be half empty.
const ENTRIES_SIZE: usize = 96;

/// Bytes that an allocation takes beyond its length, as far as allocators agree.
pub(super) const PER_ALLOCATION: usize = 16;

/// `SPAN_KIND_SERVER`, `SPAN_KIND_CONSUMER`
const ENTRIES: [u8; 2] = [2, 5];

/// A span as it arrived.
#[derive(Debug)]
pub(super) struct StoredSpan {
    pub(super) head: SpanHead,
    pub(super) origin: Arc<KeptOrigin>,
    /// A `Span` message.
    pub(super) message: Box<[u8]>,
}

/// A log record as it arrived.
#[derive(Debug)]
pub(super) struct StoredLog {
    pub(super) origin: Arc<KeptOrigin>,
    /// A `LogRecord` message.
    pub(super) message: Box<[u8]>,
}

/// The part of a trace that arrived.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Most traces have one span.
    pub(super) spans: SmallVec<[StoredSpan; 1]>,
    pub(super) logs: Vec<StoredLog>,
    /// The span that lists show, by its place in `spans`.
    root: usize,
    /// Spans whose status is an error.
    pub(super) errors: usize,
    /// Nanoseconds since 1970; 0 while there is no span.
    pub(super) start: u64,
    pub(super) end: u64,
    /// Bytes of all messages.
    messages: usize,
}

impl StoredSpan {
    /// The text that the head names.
    pub(super) fn text(&self, text: TextRange) -> Option<Cow<'_, str>> {
        text.read(&self.message)
    }

    pub(super) fn name(&self) -> Cow<'_, str> {
        self.text(self.head.name).unwrap_or_default()
    }

    /// The lowest rank makes a span the root: without a parent, an entry into a service, early.
    fn rank(&self) -> (bool, bool, u64) {
        (self.head.parent.is_some(), !ENTRIES.contains(&self.head.kind), self.head.start)
    }
}

impl Trace {
    /// Bytes that the trace occupies.
    pub(super) fn size(&self) -> usize {
        let spans = if self.spans.spilled() { self.spans.capacity() * size_of::<StoredSpan>() } else { 0 };
        let logs = self.logs.capacity() * size_of::<StoredLog>();
        let vectors = usize::from(spans > 0) + usize::from(logs > 0);
        // Besides the messages, there are the trace and its vectors.
        ENTRIES_SIZE + size_of::<Self>() + spans + logs + (1 + vectors) * PER_ALLOCATION + self.messages
    }

    pub(super) fn add_span(&mut self, span: StoredSpan) {
        self.errors += usize::from(span.head.is_error);
        self.start = if self.spans.is_empty() { span.head.start } else { self.start.min(span.head.start) };
        self.end = self.end.max(span.head.end);
        if self.root().is_some_and(|root| span.rank() < root.rank()) {
            self.root = self.spans.len();
        }
        self.messages += span.message.len() + PER_ALLOCATION;
        self.spans.push(span);
    }

    pub(super) fn add_log(&mut self, log: StoredLog) {
        self.messages += log.message.len() + PER_ALLOCATION;
        self.logs.push(log);
    }

    /// The span that lists show. `None` while only log records have arrived.
    pub(super) fn root(&self) -> Option<&StoredSpan> {
        self.spans.get(self.root)
    }

    /// Nanoseconds from the first start to the last end.
    pub(super) fn duration(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Returns `true` if a span of the trace failed.
    pub(super) const fn is_error(&self) -> bool {
        self.errors > 0
    }

    /// Services of the trace, each once.
    pub(super) fn services(&self) -> Vec<&str> {
        let mut services: Vec<&str> = Vec::new();
        for span in &self.spans {
            let service = span.origin.service.as_str();
            if !services.contains(&service) {
                services.push(service);
            }
        }
        services
    }

    /// The bytes of everything in the trace, for a search.
    pub(super) fn contents(&self) -> impl Iterator<Item = &[u8]> {
        let spans = self.spans.iter().map(|span| &*span.message);
        spans.chain(self.logs.iter().map(|log| &*log.message))
    }
}
