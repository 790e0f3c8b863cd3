//! Ended spans: dense, in the order in which they ended, with nothing to free one by one.

use std::slice;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;

use super::record::{Details, Record};
use super::view::SpanView;
use crate::span_facts::{FactsView, OpenFacts, RareFacts, SpanFacts, TextBase, Texts};

/// Bytes of texts for which an empty shard keeps room, per span.
const TEXT: usize = 256;

/// A span that ended, on its way into shards.
pub(super) struct EndedSpan<'a, F> {
    pub(super) scope: &'a Arc<InstrumentationScope>,
    pub(super) record: &'a Record,
    pub(super) details: &'a mut Option<Details>,
    pub(super) facts: &'a mut F,
}

/// Spans that ended and wait for one exporter.
#[derive(Debug, Default)]
pub(crate) struct Shard {
    spans: Vec<StoredSpan>,
    /// The record of each span.
    records: Vec<Record>,
    details: Vec<Details>,
    facts: Vec<SpanFacts>,
    /// The texts to which the facts refer.
    texts: Texts,
    rare_facts: Vec<RareFacts>,
    scopes: Vec<Arc<InstrumentationScope>>,
    /// How many of the spans have been exported.
    exported: usize,
}

/// The positions of a span's parts.
#[derive(Clone, Copy, Debug)]
struct StoredSpan {
    scope: u32,
    details: Option<u32>,
    facts: Option<StoredFacts>,
}

/// The positions of a span's facts, and of their parts.
#[derive(Clone, Copy, Debug)]
struct StoredFacts {
    facts: u32,
    base: TextBase,
    rare: Option<u32>,
}

/// Appends `item`, and returns its position.
#[inline]
fn stored<T>(items: &mut Vec<T>, item: T) -> u32 {
    items.push(item);
    last(items)
}

/// The position of the last item. A shard holds far fewer items than a `u32` can count.
#[inline]
fn last<T>(items: &[T]) -> u32 {
    u32::try_from(items.len() - 1).unwrap_or(u32::MAX)
}

/// Appends a copy of `item`. `push` would copy large items twice, the first time onto the stack.
#[inline]
fn copy<T: Copy>(items: &mut Vec<T>, item: &T) {
    items.extend_from_slice(slice::from_ref(item));
}

impl Shard {
    /// Copies a span. Its parts that own heap memory are moved, or cloned if another exporter needs them as well.
    #[inline]
    pub(super) fn push(&mut self, span: &mut EndedSpan<'_, impl OpenFacts>, is_needed_again: bool) {
        // A thread often ends several spans of one scope in a row; earlier scopes are not searched.
        if !self.scopes.last().is_some_and(|last| Arc::ptr_eq(last, span.scope)) {
            self.scopes.push(Arc::clone(span.scope));
        }
        let rare = span.facts.take_rare(is_needed_again).map(|rare| stored(&mut self.rare_facts, rare));
        let facts = span.facts.facts().map(|(facts, texts)| {
            copy(&mut self.facts, facts);
            StoredFacts { facts: last(&self.facts), base: self.texts.append(texts), rare }
        });
        let details = if span.details.is_some() { self.push_details(span.details, is_needed_again) } else { None };
        copy(&mut self.records, span.record);
        self.spans.push(StoredSpan { scope: last(&self.scopes), details, facts });
    }

    #[cold]
    fn push_details(&mut self, details: &mut Option<Details>, is_needed_again: bool) -> Option<u32> {
        let details = if is_needed_again { details.clone() } else { details.take() };
        details.map(|details| stored(&mut self.details, details))
    }

    /// The number of spans that have not been exported.
    pub(super) fn len(&self) -> usize {
        self.spans.len() - self.exported
    }

    /// The next spans.
    #[cfg(feature = "_otlp")]
    pub(super) fn views(&self) -> impl Iterator<Item = SpanView<'_>> {
        (self.exported..self.spans.len()).filter_map(|index| self.view(index))
    }

    /// Converts up to `most` of the next spans. Each is freed before the next is converted, so that their heap memory is
    /// never held twice.
    pub(super) fn convert<T>(&mut self, most: usize, mut convert: impl FnMut(SpanView<'_>) -> T, into: &mut Vec<T>) {
        for index in self.exported..self.spans.len().min(self.exported.saturating_add(most)) {
            into.extend(self.view(index).map(&mut convert));
            self.free(index);
        }
    }

    /// Frees the heap memory of a span.
    fn free(&mut self, index: usize) {
        let Some(StoredSpan { details, facts, .. }) = self.spans.get(index).copied() else { return };
        if let Some(details) = details.and_then(|details| self.details.get_mut(details as usize)) {
            *details = Details::NONE;
        }
        let rare = facts.and_then(|facts| facts.rare);
        if let Some(rare) = rare.and_then(|rare| self.rare_facts.get_mut(rare as usize)) {
            rare.free();
        }
    }

    fn view(&self, index: usize) -> Option<SpanView<'_>> {
        let StoredSpan { scope, details, facts } = self.spans.get(index)?;
        Some(SpanView {
            scope: self.scopes.get(*scope as usize)?,
            record: self.records.get(index)?,
            details: details.and_then(|details| self.details.get(details as usize)).unwrap_or(const { &Details::NONE }),
            facts: facts.and_then(|StoredFacts { facts, base, rare }| {
                let rare = rare.and_then(|rare| self.rare_facts.get(rare as usize));
                Some(FactsView::new(self.facts.get(facts as usize)?, self.texts.at(base), rare))
            }),
        })
    }

    /// Frees the next `count` spans: they have been exported.
    pub(super) fn advance(&mut self, count: usize) {
        let exported = self.exported + count.min(self.len());
        if !(self.details.is_empty() && self.rare_facts.is_empty()) {
            (self.exported..exported).for_each(|index| self.free(index));
        }
        self.exported = exported;
    }

    /// Removes all spans, and keeps room for `kept`.
    pub(super) fn clear(&mut self, kept: usize) {
        let Self { spans, records, details, facts, texts, rare_facts, scopes, exported } = self;
        *exported = 0;
        texts.clear_to(kept.saturating_mul(TEXT));
        empty(spans, kept);
        empty(records, kept);
        empty(details, kept);
        empty(facts, kept);
        empty(rare_facts, kept);
        empty(scopes, kept);
    }
}

fn empty<T>(items: &mut Vec<T>, kept: usize) {
    items.clear();
    items.shrink_to(kept);
}
