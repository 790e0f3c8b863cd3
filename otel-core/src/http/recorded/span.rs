//! The SERVER span while it is open.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;
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

/// A SERVER span of the recorder: one that also listens to what it is told.
#[derive(Debug)]
pub(crate) struct RecordedSpan(Span);

impl RecordedSpan {
    #[inline]
    pub(crate) fn new(span: SpanRecord, server: ServerRecord) -> Self {
        let origin = Arc::clone(&span.origin);
        Self(Span::recorded(&origin.pipeline, span, Facts::Server(server)))
    }

    fn server(&mut self) -> Option<(&mut SpanRecord, &mut ServerRecord)> {
        match self.0.finished_mut()? {
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

    pub(super) fn ended(&mut self, ending: Ending, at: Timestamp) {
        let Some((span, server)) = self.server() else { return };
        if ending.error_type.is_some() {
            if let Some(message) = &ending.message
                && let Some(event) = exception::event(at.into(), message, server.settings)
            {
                span.add_event(event, &span.limits());
            }
            span.set_status(Status::error(ending.message.clone().unwrap_or_default()));
        }
        server.ending = Some(ending);
        self.0.finish(Some(at));
    }
}

impl opentelemetry::trace::Span for RecordedSpan {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        self.0.add_event_with_timestamp(name, timestamp, attributes);
    }

    fn span_context(&self) -> &SpanContext {
        self.0.span_context()
    }

    fn is_recording(&self) -> bool {
        self.0.is_recording()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.0.set_attribute(attribute);
    }

    fn set_status(&mut self, status: Status) {
        self.0.set_status(status);
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(Told::Answer(answer)) = told_now() {
            self.answered(answer);
        } else if let Some((span, server)) = self.server() {
            span.name = new_name.into();
            server.is_renamed = true;
        }
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        self.0.add_link(span_context, attributes);
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        match told_now() {
            Some(Told::Ending(ending)) => self.ended(ending, timestamp.into()),
            // By the application, ahead of time.
            _ => self.0.end_with_timestamp(timestamp),
        }
    }
}
