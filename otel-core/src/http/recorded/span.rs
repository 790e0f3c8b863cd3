//! The SERVER span while it is open.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, SpanContext, SpanRef, Status};

use super::super::exception;
use super::record::{Answer, Ending, ServerRecord};
use crate::recorder::{Facts, Finished, SpanRecord, Timestamp, Waiting};

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

/// A SERVER span of the recorder. What it records is in a box, for it goes as it is to the exporting thread.
#[derive(Debug)]
pub(crate) struct RecordedSpan {
    context: SpanContext,
    /// `None` once the span ended.
    open: Option<Box<Option<Finished>>>,
}

impl RecordedSpan {
    #[inline]
    pub(crate) fn new(span: SpanRecord, server: ServerRecord) -> Self {
        let context = span.context.clone();
        let origin = Arc::clone(&span.origin);
        let open = origin.pipeline.vacant.filled(Finished { span, facts: Facts::Server(server) });
        Self { context, open: Some(open) }
    }

    fn server(&mut self) -> Option<(&mut SpanRecord, &mut ServerRecord)> {
        match self.open.as_deref_mut()?.as_mut()? {
            Finished { span, facts: Facts::Server(server) } => Some((span, server)),
            Finished { facts: Facts::None, .. } => None,
        }
    }

    pub(super) fn answered(&mut self, answer: Answer) {
        if let Some((span, server)) = self.server() {
            server.attributes_before = span.attributes.len();
            server.answer = Some(answer);
            server.is_renamed = false;
        }
    }

    pub(super) fn finish(&mut self, ending: Option<Ending>, at: Option<Timestamp>) {
        let Some((span, server)) = self.server() else { return };
        span.end = at.unwrap_or_else(Timestamp::now).max(span.start);
        if let Some(Ending { error_type: Some(_), message, .. }) = &ending {
            if let Some(message) = message
                && let Some(event) = exception::event(span.end.into(), message, server.settings)
            {
                span.add_event(event, &span.limits());
            }
            span.set_status(Status::error(message.clone().unwrap_or_default()));
        }
        server.ending = ending;
        let pipeline = Arc::clone(&span.origin.pipeline);
        if let Some(finished) = self.open.take() {
            pipeline.offer(Waiting::WithFacts(finished));
        }
    }
}

impl opentelemetry::trace::Span for RecordedSpan {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some((span, _)) = self.server() {
            span.add_event(Event::new(name, timestamp, attributes, 0), &span.limits());
        }
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        self.open.is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        if let Some((span, _)) = self.server() {
            span.set_attribute(attribute, &span.limits());
        }
    }

    fn set_status(&mut self, status: Status) {
        if let Some((span, _)) = self.server() {
            span.set_status(status);
        }
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        match told_now() {
            Some(Told::Answer(answer)) => self.answered(answer),
            _ => {
                if let Some((span, server)) = self.server() {
                    span.name = new_name.into();
                    server.is_renamed = true;
                }
            }
        }
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        if let Some((span, _)) = self.server() {
            span.add_link(Link::new(span_context, attributes, 0), &span.limits());
        }
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
        if self.open.is_some() {
            self.finish(None, None);
        }
    }
}
