//! The traces, within a bound in bytes. The oldest is dropped first.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::durations::{DurationsByName, Usual};
use super::origins::{KeptOrigin, Origins};
use super::trace::{StoredLog, StoredSpan, Trace};
use crate::otlp::{Origin, SpanHead, TraceId};

/// The kept traces.
#[derive(Debug)]
pub(super) struct Traces {
    by_id: HashMap<TraceId, Box<Trace>, RandomState>,
    /// In the order in which their first items arrived.
    order: VecDeque<TraceId>,
    origins: Origins,
    /// Durations by the names of root spans.
    durations: DurationsByName,
    /// Bytes of traces alone.
    bytes: usize,
    limit: usize,
    /// The number of traces that were dropped to keep the bound.
    pub(super) evicted: u64,
}

impl Traces {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            by_id: HashMap::default(),
            order: VecDeque::new(),
            origins: Origins::default(),
            durations: DurationsByName::default(),
            bytes: 0,
            limit,
            evicted: 0,
        }
    }

    /// The kept origin that equals `origin`.
    pub(super) fn origin(&mut self, origin: Origin) -> Arc<KeptOrigin> {
        self.origins.intern(origin)
    }

    /// Ends the use of an origin.
    pub(super) fn release(&mut self, origin: &Arc<KeptOrigin>) {
        self.origins.release(origin);
    }

    pub(super) fn add_span(&mut self, origin: &Arc<KeptOrigin>, head: SpanHead, message: &[u8]) {
        let id = head.trace_id;
        let span = StoredSpan { head, origin: Arc::clone(origin), message: message.into() };
        self.change(id, |trace| trace.add_span(span));
        self.evict();
    }

    pub(super) fn add_log(&mut self, origin: &Arc<KeptOrigin>, id: TraceId, message: &[u8]) {
        let log = StoredLog { origin: Arc::clone(origin), message: message.into() };
        self.change(id, |trace| trace.add_log(log));
        self.evict();
    }

    fn change(&mut self, id: TraceId, change: impl FnOnce(&mut Trace)) {
        let trace = match self.by_id.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                self.order.push_back(id);
                let trace = entry.insert(Box::default());
                self.bytes += trace.size();
                trace
            }
        };
        self.durations.remove(trace);
        self.bytes -= trace.size();
        change(trace);
        self.bytes += trace.size();
        self.durations.add(trace);
    }

    /// Drops the oldest traces until the rest fits.
    fn evict(&mut self) {
        while self.bytes() > self.limit
            && let Some(id) = self.order.pop_front()
        {
            self.remove(id);
            self.evicted += 1;
        }
    }

    fn remove(&mut self, id: TraceId) {
        let Some(trace) = self.by_id.remove(&id) else { return };
        self.durations.remove(&trace);
        self.bytes -= trace.size();
        let Trace { spans, logs, .. } = *trace;
        for origin in spans.into_iter().map(|span| span.origin).chain(logs.into_iter().map(|log| log.origin)) {
            self.origins.release(&origin);
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.limit);
    }

    pub(super) fn get(&self, id: TraceId) -> Option<&Trace> {
        self.by_id.get(&id).map(Box::as_ref)
    }

    /// All traces, the newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = (TraceId, &Trace)> {
        self.order.iter().rev().filter_map(|id| Some((*id, self.get(*id)?)))
    }

    /// The usual durations of the routes.
    pub(super) fn usual(&self) -> Usual<'_> {
        self.durations.usual()
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) const fn limit(&self) -> usize {
        self.limit
    }

    /// Bytes that are kept.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes + self.durations.bytes() + self.origins.bytes()
    }
}
