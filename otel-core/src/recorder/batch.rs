//! What is exported at once.

use std::collections::VecDeque;

use super::lane::Lane;
use super::queue::Queue;
use super::view::SpanView;

/// Room that an empty lane keeps, in spans.
const FEWEST: usize = 16;
const MOST: usize = 1024;

/// Spans on their way from the queue to an exporter: those that are exported now, and others that came along with them.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    lanes: VecDeque<Lane>,
    /// Those that are exported now are the first of these lanes.
    spans: usize,
    /// Empty lanes for the threads that end spans: as many as the queue has …
    spare: Vec<Lane>,
    most_spare: usize,
    /// … each of which keeps room for so many.
    kept: usize,
}

impl Batch {
    /// For this queue. However many lanes it has: empty ones have room for no more than it has places.
    pub(super) fn of(queue: &Queue<Lane>) -> Self {
        let (lanes, capacity) = queue.size();
        let kept = (capacity / lanes).clamp(FEWEST, MOST);
        Self { most_spare: lanes, kept, ..Self::default() }
    }

    /// Takes all that waits out of the lanes. It still counts as waiting.
    pub(super) fn collect(&mut self, queue: &Queue<Lane>) {
        self.release();
        queue.visit(|lane| {
            if lane.len() > 0 {
                self.lanes.push_back(std::mem::replace(lane, self.spare.pop().unwrap_or_default()));
            }
        });
    }

    /// How many were taken out.
    pub(super) fn held(&self) -> usize {
        self.lanes.iter().map(Lane::len).sum()
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
        self.lanes.front().is_some_and(|lane| lane.len() < self.spans)
    }

    /// The spans.
    #[cfg(feature = "_otlp")]
    pub(crate) fn spans(&self) -> impl Iterator<Item = SpanView<'_>> {
        self.lanes.iter().flat_map(|lane| lane.next(usize::MAX)).take(self.spans)
    }

    /// Makes something of each span, and forgets it.
    pub(crate) fn convert<T>(&mut self, mut convert: impl FnMut(SpanView<'_>) -> T) -> Vec<T> {
        let mut converted = Vec::with_capacity(self.spans);
        for lane in &mut self.lanes {
            lane.convert(self.spans - converted.len(), &mut convert, &mut converted);
        }
        self.release();
        converted
    }

    /// Forgets the spans.
    pub(crate) fn release(&mut self) {
        while self.spans > 0
            && let Some(lane) = self.lanes.front_mut()
        {
            let taken = lane.len().min(self.spans);
            lane.advance(taken);
            self.spans -= taken;
            if lane.len() == 0
                && let Some(mut lane) = self.lanes.pop_front()
                && self.spare.len() < self.most_spare
            {
                lane.clear(self.kept);
                self.spare.push(lane);
            }
        }
        self.spans = 0;
    }

    /// Forgets all of them, also those that were not to be exported yet. How many those were.
    pub(super) fn abandon(&mut self) -> usize {
        self.release();
        self.lanes.drain(..).map(|lane| lane.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry::{KeyValue, StringValue};

    use super::super::TracerProvider;
    use super::super::slot::Slot;
    use super::*;
    use crate::clock::Moment;
    use crate::config::SpanLimitSettings;
    use crate::span_ids::Ids;

    #[test]
    fn what_was_exported_is_freed_though_its_lane_goes_on() {
        let tracer = TracerProvider::builder().build().tracer("test");
        let queue = Queue::new(100, 100);
        let texts: Vec<Arc<str>> = (0..5).map(|number| format!("text {number}").into()).collect();
        for text in &texts {
            let mut slot = Slot::vacant();
            slot.start(&tracer.origin, Ids::INVALID, None, Moment::now());
            let text = KeyValue::new("text", StringValue::from(Arc::clone(text)));
            slot.rest_mut().told.set_attribute(text, &SpanLimitSettings::default());
            queue.offer(|lane: &mut Lane| lane.push(&tracer.origin, &mut slot, false));
            slot.vacate();
        }
        let held = || texts.iter().map(Arc::strong_count).collect::<Vec<_>>();
        let mut batch = Batch::of(&queue);
        batch.collect(&queue);
        assert_eq!((batch.advance(2), held()), (2, vec![2; 5]));
        batch.release();
        assert_eq!(held(), [1, 1, 2, 2, 2]);
        assert_eq!(batch.advance(2), 2);
        assert_eq!(batch.convert(|span| span.rest.told.attributes.len()), [1, 1]);
        assert_eq!(held(), [1, 1, 1, 1, 2]);
        assert_eq!((batch.advance(2), batch.held()), (1, 1));
        batch.release();
        assert_eq!((batch.held(), held()), (0, vec![1; 5]));
    }
}
