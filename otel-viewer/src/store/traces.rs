//! The traces, within a bound in bytes. The oldest is dropped first.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::durations::{Durations, bucket};
use super::origins::{KeptOrigin, Origins};
use super::trace::{StoredLog, StoredSpan, Trace};
use crate::otlp::{Origin, SpanHead, TraceId};

/// The kept traces.
#[derive(Debug)]
pub(super) struct Traces {
    by_id: HashMap<TraceId, Trace>,
    /// In the order in which their first items arrived.
    order: VecDeque<TraceId>,
    origins: Origins,
    /// Durations by the names of root spans.
    durations: HashMap<Box<str>, Durations>,
    /// Bytes of traces, without origins.
    bytes: usize,
    limit: usize,
    /// The number of traces that were dropped to keep the bound.
    pub(super) evicted: u64,
}

impl Traces {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            by_id: HashMap::new(),
            order: VecDeque::new(),
            origins: Origins::default(),
            durations: HashMap::new(),
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
        self.bytes += span.size();
        self.change(id, |trace| trace.add_span(span));
        self.evict();
    }

    pub(super) fn add_log(&mut self, origin: &Arc<KeptOrigin>, id: TraceId, message: &[u8]) {
        let log = StoredLog { origin: Arc::clone(origin), message: message.into() };
        self.bytes += log.size();
        self.change(id, |trace| trace.add_log(log));
        self.evict();
    }

    fn change(&mut self, id: TraceId, change: impl FnOnce(&mut Trace)) {
        let mut trace = self.by_id.remove(&id).unwrap_or_else(|| {
            self.order.push_back(id);
            self.bytes += Trace::base_size();
            Trace::default()
        });
        self.forget_duration(&trace);
        change(&mut trace);
        self.remember_duration(&trace);
        self.by_id.insert(id, trace);
    }

    fn remember_duration(&mut self, trace: &Trace) {
        let Some(root) = trace.root() else { return };
        let name = &root.head.name;
        if !self.durations.contains_key(name) {
            self.bytes += size_of_durations(name);
            self.durations.insert(name.clone(), Durations::default());
        }
        if let Some(durations) = self.durations.get_mut(name) {
            durations.add(trace.duration());
        }
    }

    fn forget_duration(&mut self, trace: &Trace) {
        let Some(root) = trace.root() else { return };
        let name = &root.head.name;
        let Some(durations) = self.durations.get_mut(name) else { return };
        durations.remove(trace.duration());
        if durations.is_empty() {
            self.durations.remove(name);
            self.bytes -= size_of_durations(name);
        }
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
        self.forget_duration(&trace);
        self.bytes -= Trace::base_size();
        for span in trace.spans {
            self.bytes -= span.size();
            self.origins.release(&span.origin);
        }
        for log in trace.logs {
            self.bytes -= log.size();
            self.origins.release(&log.origin);
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.limit);
    }

    pub(super) fn get(&self, id: TraceId) -> Option<&Trace> {
        self.by_id.get(&id)
    }

    /// All traces, the newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = (TraceId, &Trace)> {
        self.order.iter().rev().filter_map(|id| Some((*id, self.by_id.get(id)?)))
    }

    /// Returns `true` if the trace took longer than is usual for its route.
    pub(super) fn is_slow(&self, trace: &Trace) -> bool {
        let durations = trace.root().and_then(|root| self.durations.get(&root.head.name));
        durations.and_then(Durations::slow_above).is_some_and(|slow| bucket(trace.duration()) > slow)
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) const fn limit(&self) -> usize {
        self.limit
    }

    /// Bytes that are kept.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes + self.origins.bytes()
    }
}

/// Bytes of the durations of one route.
const fn size_of_durations(name: &str) -> usize {
    // The buckets, and the entry in the map.
    1024 + 64 + name.len()
}
