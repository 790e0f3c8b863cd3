//! What is exported at once.

use std::collections::VecDeque;

use super::queue::Queue;
use super::shard::Shard;
use super::view::SpanView;

/// Room that an empty shard keeps, in spans.
const FEWEST: usize = 16;
const MOST: usize = 1024;

/// Spans on their way from the queue to an exporter: those that are exported now, and others that came along with them.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    shards: VecDeque<Shard>,
    /// Those that are exported now are the first of these shards.
    spans: usize,
    /// Empty shards for the threads that end spans: as many as the queue has …
    spare: Vec<Shard>,
    most_spare: usize,
    /// … each of which keeps room for so many.
    kept: usize,
}

impl Batch {
    /// For this queue. However many shards it has: empty ones have room for no more than it has places.
    pub(super) fn of(queue: &Queue<Shard>) -> Self {
        let (shards, capacity) = queue.size();
        let kept = (capacity / shards).clamp(FEWEST, MOST);
        Self { most_spare: shards, kept, ..Self::default() }
    }

    /// Takes all that waits out of the shards. It still counts as waiting.
    pub(super) fn collect(&mut self, queue: &Queue<Shard>) {
        self.release();
        queue.visit(|shard| {
            if shard.len() > 0 {
                self.shards.push_back(std::mem::replace(shard, self.spare.pop().unwrap_or_default()));
            }
        });
    }

    /// How many were taken out.
    pub(super) fn held(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// Goes on to the next ones, `most` of them. How many there are.
    pub(super) fn advance(&mut self, most: usize) -> usize {
        self.release();
        self.spans = self.held().min(most);
        self.spans
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.spans
    }

    /// Whether they come from more than one thread: then they are in order only thread by thread.
    pub(crate) fn is_mixed(&self) -> bool {
        self.shards.front().is_some_and(|shard| shard.len() < self.spans)
    }

    /// The spans.
    #[cfg(feature = "_otlp")]
    pub(crate) fn spans(&self) -> impl Iterator<Item = SpanView<'_>> {
        self.shards.iter().flat_map(|shard| shard.views()).take(self.spans)
    }

    /// Makes something of each span, and forgets it.
    pub(crate) fn convert<T>(&mut self, mut convert: impl FnMut(SpanView<'_>) -> T) -> Vec<T> {
        let mut converted = Vec::with_capacity(self.spans);
        for shard in &mut self.shards {
            shard.convert(self.spans - converted.len(), &mut convert, &mut converted);
        }
        self.release();
        converted
    }

    /// Forgets the spans.
    pub(crate) fn release(&mut self) {
        while self.spans > 0
            && let Some(shard) = self.shards.front_mut()
        {
            let taken = shard.len().min(self.spans);
            shard.advance(taken);
            self.spans -= taken;
            if shard.len() == 0
                && let Some(mut shard) = self.shards.pop_front()
                && self.spare.len() < self.most_spare
            {
                shard.clear(self.kept);
                self.spare.push(shard);
            }
        }
        self.spans = 0;
    }

    /// Forgets all of them, also those that were not to be exported yet. How many those were.
    pub(super) fn abandon(&mut self) -> usize {
        self.release();
        self.shards.drain(..).map(|shard| shard.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use opentelemetry::{KeyValue, StringValue};

    use super::super::record::{Details, Record};
    use super::super::shard::EndedSpan;
    use super::*;
    use crate::config::SpanLimitSettings;

    #[test]
    fn what_was_exported_is_freed_though_its_lane_goes_on() {
        let scope = Arc::default();
        let queue = Queue::new(100, 100);
        let texts: Vec<Arc<str>> = (0..5).map(|number| format!("text {number}").into()).collect();
        for text in &texts {
            let text = KeyValue::new("text", StringValue::from(Arc::clone(text)));
            let mut details = Details::default();
            details.app_data.set_attribute(text, &SpanLimitSettings::default());
            let (record, mut details, facts) = (Record::default(), Some(details), &mut ());
            let mut span = EndedSpan { scope: &scope, record: &record, details: &mut details, facts };
            queue.offer(|shard: &mut Shard| shard.push(&mut span, false));
        }
        let held = || texts.iter().map(Arc::strong_count).collect::<Vec<_>>();
        let mut batch = Batch::of(&queue);
        batch.collect(&queue);
        assert_eq!((batch.advance(2), held()), (2, vec![2; 5]));
        batch.release();
        assert_eq!(held(), [1, 1, 2, 2, 2]);
        assert_eq!(batch.advance(2), 2);
        assert_eq!(batch.convert(|span| span.details.app_data.attributes.len()), [1, 1]);
        assert_eq!(held(), [1, 1, 1, 1, 2]);
        assert_eq!((batch.advance(2), batch.held()), (1, 1));
        batch.release();
        assert_eq!((batch.held(), held()), (0, vec![1; 5]));
    }
}
