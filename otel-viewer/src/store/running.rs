//! Spans that have started and have not arrived.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use foldhash::fast::RandomState;

use super::{lock, now};
use crate::otlp::{Origin, SpanId, TraceId, Wire, put, put_bytes};

/// The most spans that are kept. A leak of spans must not become a leak of memory.
const MOST: usize = 16_384;

/// Parts of the spans, each behind a lock of its own: threads that serve requests seldom wait for each other.
const SHARDS: usize = 64;

/// The time for which an ended span is awaited, in nanoseconds: it may have been dropped on its way.
const PATIENCE: u64 = 10_000_000_000;

/// Nanoseconds between two searches of a full shard.
const SEARCH_INTERVAL: u64 = 1_000_000_000;

/// `SPAN_KIND_INTERNAL`, `SPAN_KIND_SERVER`
const INTERNAL: u64 = 1;
const SERVER: u64 = 2;

/// A span that is running: a request, or a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningSpan {
    /// The trace of the span.
    pub trace_id: [u8; 16],
    /// The id of the span.
    pub span_id: [u8; 8],
    /// The span above, if any.
    pub parent: Option<[u8; 8]>,
    /// The name of the span, as far as it is known: that of a request has no route yet.
    pub name: String,
    /// The path of a request; `None` for other spans.
    pub path: Option<String>,
    /// Start, in nanoseconds since 1970.
    pub start: u64,
}

impl RunningSpan {
    /// Describes a running span by its ids, its name and its start in nanoseconds since 1970.
    #[must_use]
    pub fn new(trace_id: [u8; 16], span_id: [u8; 8], name: impl Into<String>, start: u64) -> Self {
        Self { trace_id, span_id, name: name.into(), start, parent: None, path: None }
    }

    /// A `Span` message without an end.
    pub(super) fn message(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_bytes(&mut out, 1, &self.trace_id);
        put_bytes(&mut out, 2, &self.span_id);
        if let Some(parent) = &self.parent {
            put_bytes(&mut out, 4, parent);
        }
        put_bytes(&mut out, 5, self.name.as_bytes());
        put(&mut out, 6, Wire::Varint(if self.path.is_some() { SERVER } else { INTERNAL }));
        put(&mut out, 7, Wire::Fixed64(self.start));
        let attributes = [("url.path", self.path.as_deref()), ("http.request.method", self.method())];
        for (key, text) in attributes {
            if let Some(text) = text {
                put_text_attribute(&mut out, 9, key, text);
            }
        }
        out
    }

    /// The method of a request, with which its name begins.
    pub(super) fn method(&self) -> Option<&str> {
        self.path.as_ref().and_then(|_| self.name.split(' ').next())
    }
}

fn put_text_attribute(message: &mut Vec<u8>, number: u32, key: &str, text: &str) {
    let (mut value, mut attribute) = (Vec::new(), Vec::new());
    put_bytes(&mut value, 1, text.as_bytes());
    put_bytes(&mut attribute, 1, key.as_bytes());
    put_bytes(&mut attribute, 2, &value);
    put_bytes(message, number, &attribute);
}

/// The spans that are running, by their ids.
#[derive(Debug)]
pub(super) struct RunningSpans {
    /// By the last bits of the ids, which are random.
    shards: [Mutex<Shard>; SHARDS],
    service: String,
    origin: Origin,
}

#[derive(Debug, Default)]
struct Shard {
    spans: HashMap<SpanId, Entry, RandomState>,
    /// The time of the last search for spans that are given up.
    searched: u64,
}

#[derive(Debug)]
struct Entry {
    span: RunningSpan,
    /// The time of its end, if it ended.
    ended: Option<u64>,
}

impl RunningSpans {
    pub(super) fn new(service: &str) -> Self {
        let mut resource = Vec::new();
        put_text_attribute(&mut resource, 1, "service.name", service);
        let origin = Origin { resource: resource.into(), ..Origin::default() };
        Self { shards: std::array::from_fn(|_| Mutex::default()), service: service.to_owned(), origin }
    }

    /// The service of all running spans.
    pub(super) fn service(&self) -> &str {
        &self.service
    }

    /// The resource of all running spans.
    pub(super) const fn origin(&self) -> &Origin {
        &self.origin
    }

    fn shard(&self, id: SpanId) -> MutexGuard<'_, Shard> {
        lock(&self.shards[usize::from(id[7]) % SHARDS])
    }

    pub(super) fn started(&self, span: RunningSpan) {
        let mut shard = self.shard(span.span_id);
        if shard.has_room() {
            shard.spans.insert(span.span_id, Entry { span, ended: None });
        }
    }

    pub(super) fn ended(&self, id: SpanId) {
        if let Some(entry) = self.shard(id).spans.get_mut(&id) {
            entry.ended = Some(now());
        }
    }

    pub(super) fn arrived(&self, id: SpanId) {
        self.shard(id).spans.remove(&id);
    }

    /// Requests that are running, the newest first.
    pub(super) fn roots(&self) -> Vec<RunningSpan> {
        let mut roots = self.running(|span| span.path.is_some());
        roots.sort_by_key(|span| std::cmp::Reverse(span.start));
        roots
    }

    pub(super) fn of_trace(&self, id: TraceId) -> Vec<RunningSpan> {
        self.running(|span| span.trace_id == id)
    }

    fn running(&self, is_wanted: impl Fn(&RunningSpan) -> bool) -> Vec<RunningSpan> {
        let now = now();
        let mut running = Vec::new();
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard.spans.retain(|_, entry| !entry.is_given_up(now));
            running.extend(shard.spans.values().map(|entry| &entry.span).filter(|span| is_wanted(span)).cloned());
        }
        running
    }
}

impl Shard {
    /// Returns `true` if one more span may be kept. Searches a full shard for spans that are given up, but not for each
    /// span that starts: thousands of requests may be open for long.
    fn has_room(&mut self) -> bool {
        if self.spans.len() < MOST / SHARDS {
            return true;
        }
        let now = now();
        if now.saturating_sub(self.searched) < SEARCH_INTERVAL {
            return false;
        }
        self.searched = now;
        self.spans.retain(|_, entry| !entry.is_given_up(now));
        self.spans.len() < MOST / SHARDS
    }
}

impl Entry {
    fn is_given_up(&self, now: u64) -> bool {
        self.ended.is_some_and(|ended| now.saturating_sub(ended) > PATIENCE)
    }
}
