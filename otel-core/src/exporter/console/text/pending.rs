//! Spans wait for their request: they end before it, and are exported before it.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use opentelemetry::{SpanId, TraceId};
use opentelemetry_sdk::trace::SpanData;

/// The most spans that wait.
const MOST: usize = 4096;

/// The most spans between a span and its request. Without a limit, spans that are each other's parents would form an
/// endless chain.
const DEEPEST: usize = 256;

/// The longest wait. The request may have ended before its span, or may not be sampled.
const LONGEST: Duration = Duration::from_secs(10);

/// The spans that wait, in the order in which they were exported.
#[derive(Debug, Default)]
pub(super) struct PendingSpans {
    spans: Vec<(Instant, SpanData)>,
}

impl PendingSpans {
    /// Adds the spans of a batch. Returns those whose request has ended, one vector for each request, and those that have
    /// waited too long.
    pub(super) fn add(&mut self, batch: Vec<SpanData>, now: Instant) -> Vec<Vec<SpanData>> {
        self.spans.extend(batch.into_iter().map(|span| (now, span)));
        let mut complete = self.take_complete();
        let too_many = self.spans.len().saturating_sub(MOST);
        let late = self.spans.iter().take_while(|(since, _)| now.duration_since(*since) > LONGEST).count();
        let late = self.spans.drain(..late.max(too_many)).map(|(_, span)| span).collect();
        complete.extend(by_trace(late));
        complete
    }

    /// Takes the spans of each request that has ended, in the order in which the requests ended.
    fn take_complete(&mut self) -> Vec<Vec<SpanData>> {
        let places: HashMap<Key, usize> =
            self.spans.iter().enumerate().map(|(place, (_, span))| (key(span), place)).collect();
        let roots: Vec<_> = (0..self.spans.len()).map(|place| self.root_of(place, &places)).collect();
        let mut complete: BTreeMap<usize, Vec<SpanData>> = BTreeMap::new();
        for ((since, span), root) in std::mem::take(&mut self.spans).into_iter().zip(roots) {
            match root {
                Some(root) => complete.entry(root).or_default().push(span),
                None => self.spans.push((since, span)),
            }
        }
        complete.into_values().collect()
    }

    /// The place of the request above a span, if the request and all spans between them are here.
    fn root_of(&self, place: usize, places: &HashMap<Key, usize>) -> Option<usize> {
        let mut place = place;
        for _ in 0..DEEPEST {
            let (_, span) = self.spans.get(place)?;
            if is_root(span) {
                return Some(place);
            }
            place = *places.get(&(span.span_context.trace_id(), span.parent_span_id))?;
        }
        None
    }

    /// All spans that wait, one vector for each trace.
    pub(super) fn take_all(&mut self) -> Vec<Vec<SpanData>> {
        by_trace(self.spans.drain(..).map(|(_, span)| span).collect())
    }
}

/// Identifies a span.
type Key = (TraceId, SpanId);

fn key(span: &SpanData) -> Key {
    (span.span_context.trace_id(), span.span_context.span_id())
}

/// Returns `true` if no other span of this process is above the span.
fn is_root(span: &SpanData) -> bool {
    span.parent_span_id == SpanId::INVALID || span.parent_span_is_remote
}

fn by_trace(spans: Vec<SpanData>) -> Vec<Vec<SpanData>> {
    let mut traces: Vec<Vec<SpanData>> = Vec::new();
    for span in spans {
        let trace_id = span.span_context.trace_id();
        let is_same = |trace: &&mut Vec<SpanData>| trace.iter().any(|known| known.span_context.trace_id() == trace_id);
        match traces.iter_mut().find(is_same) {
            Some(trace) => trace.push(span),
            None => traces.push(vec![span]),
        }
    }
    traces
}
