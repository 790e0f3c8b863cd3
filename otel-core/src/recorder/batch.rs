//! What is exported at once.

use std::collections::VecDeque;

use super::lane::Lane;
use super::queue::Queue;
use super::view::SpanView;

/// Empty lanes that are kept for the threads that end spans.
const SPARE: usize = 64;

/// Spans on their way from the queue to an exporter: those that are exported now, and others that came along with them.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    lanes: VecDeque<Lane>,
    /// Those that are exported now are the first of these lanes.
    spans: usize,
    spare: Vec<Lane>,
}

impl Batch {
    /// Takes what waits, `most` of it.
    pub(super) fn fill(&mut self, queue: &Queue<Lane>, most: usize) {
        self.release();
        let mut spans: usize = self.lanes.iter().map(Lane::len).sum();
        if spans < most {
            queue.visit(|lane| {
                if lane.len() > 0 {
                    let full = std::mem::replace(lane, self.spare.pop().unwrap_or_default());
                    spans += full.len();
                    self.lanes.push_back(full);
                }
            });
        }
        self.spans = spans.min(most);
        queue.taken(self.spans);
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
    #[cfg(any(feature = "grpc", feature = "otlp-http"))]
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
                && self.spare.len() < SPARE
            {
                lane.clear();
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
