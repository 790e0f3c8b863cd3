//! The spans of one export.

use std::collections::VecDeque;

use super::queue::Queue;
use super::shard::Shard;
use super::view::SpanView;

/// The least and the most spans for which an empty shard keeps room.
const MIN_ROOM: usize = 16;
const MAX_ROOM: usize = 1024;

/// Spans on their way from the queue to an exporter: the batch that is exported now, and spans of later batches that were in
/// the same shards.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    shards: VecDeque<Shard>,
    /// The number of spans in this batch; they are the first ones in the shards.
    spans: usize,
    /// Empty shards, to be put in the place of full ones.
    spare: Vec<Shard>,
    /// The most spare shards: as many as the queue has.
    max_spare: usize,
    /// The number of spans for which each keeps room.
    room: usize,
}

impl Batch {
    /// A batch for this queue. All spare shards together have room for no more spans than the queue, however many they are.
    pub(super) fn of(queue: &Queue<Shard>) -> Self {
        let (shards, capacity) = queue.size();
        let room = (capacity / shards).clamp(MIN_ROOM, MAX_ROOM);
        Self { max_spare: shards, room, ..Self::default() }
    }

    /// Takes all spans out of the queue's shards. They still count as waiting.
    pub(super) fn collect(&mut self, queue: &Queue<Shard>) {
        self.release();
        queue.visit(|shard| {
            if shard.len() > 0 {
                self.shards.push_back(std::mem::replace(shard, self.spare.pop().unwrap_or_default()));
            }
        });
    }

    /// The number of spans that were taken out and not exported.
    pub(super) fn held(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// Goes on to the next batch, of `most` spans or fewer, and returns its length.
    pub(super) fn advance(&mut self, most: usize) -> usize {
        self.release();
        self.spans = self.held().min(most);
        self.spans
    }

    /// The number of spans.
    pub(crate) fn len(&self) -> usize {
        self.spans
    }

    /// Returns `true` if the spans come from several threads: only spans of one thread are in order.
    pub(crate) fn is_mixed(&self) -> bool {
        self.shards.front().is_some_and(|shard| shard.len() < self.spans)
    }

    /// The spans.
    #[cfg(feature = "_otlp")]
    pub(crate) fn spans(&self) -> impl Iterator<Item = SpanView<'_>> {
        self.shards.iter().flat_map(Shard::views).take(self.spans)
    }

    /// Converts each span, and frees it.
    pub(crate) fn convert<T>(&mut self, mut convert: impl FnMut(SpanView<'_>) -> T) -> Vec<T> {
        let mut converted = Vec::with_capacity(self.spans);
        for shard in &mut self.shards {
            shard.convert(self.spans - converted.len(), &mut convert, &mut converted);
        }
        self.release();
        converted
    }

    /// Frees the spans.
    pub(crate) fn release(&mut self) {
        while self.spans > 0
            && let Some(shard) = self.shards.front_mut()
        {
            let taken = shard.len().min(self.spans);
            shard.advance(taken);
            self.spans -= taken;
            if shard.len() == 0
                && let Some(mut shard) = self.shards.pop_front()
                && self.spare.len() < self.max_spare
            {
                shard.clear(self.room);
                self.spare.push(shard);
            }
        }
        self.spans = 0;
    }

    /// Frees all spans, and returns how many of them were in no batch yet.
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
    fn exported_spans_are_freed_while_their_shard_is_in_use() {
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
