//! The SERVER span while it is open.

use std::borrow::Cow;
use std::cell::Cell;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanContext, SpanRef, Status};

use super::super::exception;
use super::record::{Answer, Ending, ServerRecord};
use crate::recorder::{Facts, Finished, Span, SpanRecord, Timestamp};

thread_local! {
    /// What [`answer`] and [`end`] tell the span. The API leads to a span by its own methods alone; this takes along what
    /// they have no words for, without making strings of it.
    static TOLD: Cell<Option<Told>> = const { Cell::new(None) };
}

#[derive(Debug)]
enum Told {
    Answer(Answer),
    Ending(Ending),
}

/// Tells a [`RecordedSpan`] how the request was answered.
pub(crate) fn answer(span: &SpanRef<'_>, answer: Answer) {
    tell(Told::Answer(answer), || span.update_name(""));
}

/// Ends a [`RecordedSpan`].
pub(crate) fn end(span: &SpanRef<'_>, ending: Ending, at: Timestamp) {
    tell(Told::Ending(ending), || span.end_with_timestamp(at.into()));
}

fn tell(told: Told, call: impl FnOnce()) {
    // Refused only while the thread ends: the span then ends with what it knows.
    let _ = TOLD.try_with(|slot| slot.set(Some(told)));
    call();
    // A span that had ended did not listen.
    drop(told_now());
}

fn told_now() -> Option<Told> {
    TOLD.try_with(Cell::take).ok().flatten()
}

/// A SERVER span of the recorder.
#[derive(Debug)]
pub(crate) struct RecordedSpan {
    span: Span,
    /// `None` once the span ended.
    server: Option<ServerRecord>,
}

impl RecordedSpan {
    pub(crate) fn new(span: SpanRecord, server: ServerRecord) -> Self {
        Self { span: Span::recorded(span), server: Some(server) }
    }

    fn answered(&mut self, answer: Answer) {
        if let (Some(record), Some(server)) = (self.span.record_mut(), &mut self.server) {
            server.attributes_before = record.attributes.len();
            server.answer = Some(answer);
            server.is_renamed = false;
        }
    }

    fn finish(&mut self, ending: Option<Ending>, at: Option<Timestamp>) {
        let Some(mut span) = self.span.take(at) else { return };
        let Some(mut server) = self.server.take() else { return };
        if let Some(Ending { error_type: Some(_), message, .. }) = &ending {
            if let Some(message) = message
                && let Some(event) = exception::event(span.end.into(), message, server.settings)
            {
                let limits = span.origin.pipeline.limits;
                span.add_event(event, &limits);
            }
            span.set_status(Status::error(message.clone().unwrap_or_default()));
        }
        server.ending = ending;
        let pipeline = std::sync::Arc::clone(&span.origin.pipeline);
        pipeline.offer(Finished { span, facts: Facts::Server(server) });
    }
}

impl opentelemetry::trace::Span for RecordedSpan {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        self.span.add_event_with_timestamp(name, timestamp, attributes);
    }

    fn span_context(&self) -> &SpanContext {
        self.span.span_context()
    }

    fn is_recording(&self) -> bool {
        self.span.is_recording()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.span.set_attribute(attribute);
    }

    fn set_status(&mut self, status: Status) {
        self.span.set_status(status);
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        match told_now() {
            Some(Told::Answer(answer)) => self.answered(answer),
            _ => {
                self.span.update_name(new_name);
                if let Some(server) = &mut self.server {
                    server.is_renamed = true;
                }
            }
        }
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        self.span.add_link(span_context, attributes);
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        let ending = match told_now() {
            Some(Told::Ending(ending)) => Some(ending),
            // Ended by the application, ahead of time.
            _ => None,
        };
        self.finish(ending, Some(timestamp.into()));
    }
}

impl Drop for RecordedSpan {
    fn drop(&mut self) {
        self.finish(None, None);
    }
}
