//! A span that is recorded, or that only carries its context.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, SpanContext, Status};

use super::clock::Timestamp;
use super::record::{SpanRecord, Waiting};

/// A span of the [`TracerProvider`](super::TracerProvider). Ends when it is dropped, if not before.
#[derive(Debug)]
pub struct Span {
    context: SpanContext,
    /// `None`: not recorded, or ended.
    record: Option<SpanRecord>,
}

impl Span {
    /// A span that nobody will see.
    pub(crate) const fn not_recorded(context: SpanContext) -> Self {
        Self { context, record: None }
    }

    #[inline]
    pub(crate) fn recorded(record: SpanRecord) -> Self {
        Self { context: record.context.clone(), record: Some(record) }
    }

    fn finish(&mut self, end: Option<Timestamp>) {
        if let Some(mut span) = self.record.take() {
            // A clock that was set back, or a caller's mistake: nothing ends before it starts.
            span.end = end.unwrap_or_else(Timestamp::now).max(span.start);
            let origin = std::sync::Arc::clone(&span.origin);
            origin.pipeline.offer(Waiting::Span(span));
        }
    }
}

impl opentelemetry::trace::Span for Span {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(record) = &mut self.record {
            record.add_event(Event::new(name, timestamp, attributes, 0), &record.limits());
        }
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        self.record.is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        if let Some(record) = &mut self.record {
            record.set_attribute(attribute, &record.limits());
        }
    }

    fn set_status(&mut self, status: Status) {
        if let Some(record) = &mut self.record {
            record.set_status(status);
        }
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(record) = &mut self.record {
            record.name = new_name.into();
        }
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        if let Some(record) = &mut self.record {
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
