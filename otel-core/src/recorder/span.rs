//! A span that is recorded, or that only carries its context.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, SpanContext, Status};

use super::clock::Timestamp;
use super::pipeline::Pipeline;
use super::record::{Facts, Finished, Place, SpanRecord};

/// A span of the [`TracerProvider`](super::TracerProvider). Ends when it is dropped, if not before.
#[derive(Debug)]
pub struct Span {
    context: SpanContext,
    /// `None`: not recorded, or ended. In a box, for it goes as it is to the exporting thread.
    place: Option<Place>,
}

impl Span {
    /// A span that nobody will see.
    pub(crate) const fn not_recorded(context: SpanContext) -> Self {
        Self { context, place: None }
    }

    /// A span that starts.
    #[inline]
    pub(crate) fn recorded(pipeline: &Pipeline, span: SpanRecord, facts: Facts) -> Self {
        let context = span.context.clone();
        Self { context, place: Some(pipeline.vacant.filled(Finished { span, facts })) }
    }

    /// What is recorded so far; `None` if nothing is.
    pub(crate) fn finished_mut(&mut self) -> Option<&mut Finished> {
        self.place.as_deref_mut()?.as_mut()
    }

    fn record_mut(&mut self) -> Option<&mut SpanRecord> {
        self.finished_mut().map(|finished| &mut finished.span)
    }

    /// Ends the span, now or then.
    pub(crate) fn finish(&mut self, end: Option<Timestamp>) {
        let Some(mut place) = self.place.take() else { return };
        let Some(Finished { span, .. }) = place.as_mut() else { return };
        // A clock that was set back, or a caller's mistake: nothing ends before it starts.
        span.end = end.unwrap_or_else(Timestamp::now).max(span.start);
        let origin = Arc::clone(&span.origin);
        origin.pipeline.offer(place);
    }
}

impl opentelemetry::trace::Span for Span {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(record) = self.record_mut() {
            record.add_event(Event::new(name, timestamp, attributes, 0), &record.limits());
        }
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        self.place.is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        if let Some(record) = self.record_mut() {
            record.set_attribute(attribute, &record.limits());
        }
    }

    fn set_status(&mut self, status: Status) {
        if let Some(record) = self.record_mut() {
            record.set_status(status);
        }
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(record) = self.record_mut() {
            record.name = new_name.into();
        }
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        if let Some(record) = self.record_mut() {
            record.add_link(Link::new(span_context, attributes, 0), &record.limits());
        }
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        self.finish(Some(timestamp.into()));
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        self.finish(None);
    }
}
