//! Spans that ended, one behind the other: dense, in the order in which they came, and with nothing to free one by one.

use std::sync::Arc;

use super::record::{Origin, Record, Rest};
use super::slot::Slot;
use super::view::SpanView;
use crate::http::{ServerFacts, Texts};

/// Bytes of texts for which an empty lane keeps room, per span.
const TEXT: usize = 256;

/// Spans that ended.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    spans: Vec<Ended>,
    servers: Vec<ServerFacts>,
    /// What those are made of.
    texts: Texts,
    rest: Vec<Rest>,
    origins: Vec<Arc<Origin>>,
    /// Those before were taken already.
    first: usize,
}

/// A span that ended, and where the rest of it is.
#[derive(Clone, Copy, Debug)]
struct Ended {
    record: Record,
    origin: u32,
    /// None: there is nothing.
    server: Option<u32>,
    rest: Option<u32>,
}

/// Far fewer spans are in a lane.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl Lane {
    /// Copies a span that ended. What takes memory of its own is moved, or copied where others want it, too.
    #[inline]
    pub(super) fn push(&mut self, origin: &Arc<Origin>, slot: &mut Slot, is_wanted_by_others: bool) {
        // Who ended a span here often ends another one; nobody looks for those before.
        if !self.origins.last().is_some_and(|last| Arc::ptr_eq(last, origin)) {
            self.origins.push(Arc::clone(origin));
        }
        let server = slot.server.is_any().then(|| {
            let facts = slot.server.copied_to(&mut self.texts);
            self.servers.push(facts);
            number(self.servers.len() - 1)
        });
        let rest = slot.take_rest(is_wanted_by_others).map(|rest| {
            self.rest.push(rest);
            number(self.rest.len() - 1)
        });
        let origin = number(self.origins.len() - 1);
        self.spans.push(Ended { record: slot.record, origin, server, rest });
    }

    /// How many are left.
    pub(super) fn len(&self) -> usize {
        self.spans.len() - self.first
    }

    /// The next ones, at most so many.
    #[cfg(feature = "_otlp")]
    pub(super) fn next(&self, most: usize) -> impl Iterator<Item = SpanView<'_>> {
        let end = self.spans.len().min(self.first.saturating_add(most));
        (self.first..end).filter_map(|index| self.view(index))
    }

    /// Makes something of the next ones, at most so many, one by one: of what takes memory of its own there are never two.
    pub(super) fn convert<T>(&mut self, most: usize, mut convert: impl FnMut(SpanView<'_>) -> T, into: &mut Vec<T>) {
        for index in self.first..self.spans.len().min(self.first.saturating_add(most)) {
            into.extend(self.view(index).map(&mut convert));
            self.free(index);
        }
    }

    /// Frees what takes memory of its own.
    fn free(&mut self, index: usize) {
        let rest = self.spans.get(index).and_then(|ended| ended.rest);
        if let Some(rest) = rest.and_then(|rest| self.rest.get_mut(rest as usize)) {
            *rest = Rest::NONE;
        }
    }

    fn view(&self, index: usize) -> Option<SpanView<'_>> {
        let ended = self.spans.get(index)?;
        Some(SpanView {
            origin: self.origins.get(ended.origin as usize)?,
            record: &ended.record,
            server: ended.server.and_then(|server| self.servers.get(server as usize)),
            texts: &self.texts,
            rest: ended.rest.and_then(|rest| self.rest.get(rest as usize)).unwrap_or(const { &Rest::NONE }),
        })
    }

    /// So many have been taken.
    pub(super) fn advance(&mut self, by: usize) {
        let first = self.first + by.min(self.len());
        if !self.rest.is_empty() {
            (self.first..first).for_each(|index| self.free(index));
        }
        self.first = first;
    }

    /// Forgets all of them, and keeps room for so many.
    pub(super) fn clear(&mut self, kept: usize) {
        let Self { spans, servers, texts, rest, origins, first } = self;
        *first = 0;
        spans.clear();
        servers.clear();
        rest.clear();
        origins.clear();
        spans.shrink_to(kept);
        servers.shrink_to(kept);
        texts.forget(kept.saturating_mul(TEXT));
        rest.shrink_to(kept);
        origins.shrink_to(kept);
    }
}
