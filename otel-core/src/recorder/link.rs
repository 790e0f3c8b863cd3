//! How the application reaches a span that is not its own: one whose record stays with the instrumentation, which ends it.
//!
//! The context of a request, or of an annotated function, has to hold a live span: handlers set attributes, add events,
//! give it away to other threads. Hardly any do. So the record stays where it is written without a lock, and what the
//! application says is kept apart, until the span ends.
//!
//! ```text
//! Slot (instrumentation) ──► Link ◄── Handle (in the context, and in its clones)
//!      rest  ◄── at the end ── told
//! ```

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link as SpanLink, SpanContext, Status};

use super::told::Told;
use crate::config::SpanLimitSettings;

/// What the application said, on its way to the record.
#[derive(Debug)]
pub(crate) struct Link {
    /// Whether there is anything to take: the lock is left alone otherwise.
    is_told: AtomicBool,
    is_ended: AtomicBool,
    told: Mutex<Told>,
    limits: SpanLimitSettings,
}

impl Link {
    pub(super) fn new(limits: SpanLimitSettings) -> Self {
        let (is_told, is_ended) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { is_told, is_ended, told: Mutex::default(), limits }
    }

    /// Prepares for the next span, if nobody holds on to the last one.
    #[inline]
    pub(super) fn renew(link: &Arc<Self>) -> bool {
        // Handles are made from the slot's link alone: where there is no other now, none can appear.
        if Arc::strong_count(link) != 1 {
            return false;
        }
        // Who had one may have spoken while the last span ended.
        fence(Ordering::Acquire);
        if link.is_told.load(Ordering::Relaxed) {
            *link.lock() = Told::NONE;
            link.is_told.store(false, Ordering::Relaxed);
        }
        link.is_ended.store(false, Ordering::Relaxed);
        true
    }

    /// The instrumentation ends the span. What comes later is not kept.
    #[inline]
    pub(super) fn end(&self) {
        self.is_ended.store(true, Ordering::Release);
    }

    /// Looks at what was said so far, if anything was.
    #[inline]
    pub(super) fn visit(&self, look: impl FnOnce(&mut Told)) {
        if self.is_told.load(Ordering::Acquire) {
            look(&mut self.lock());
        }
    }

    #[cold]
    fn lock(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The span, as the API has it.
#[derive(Debug)]
pub(crate) struct Handle {
    context: SpanContext,
    link: Arc<Link>,
}

impl Handle {
    #[inline]
    pub(super) fn new(context: SpanContext, link: &Arc<Link>) -> Self {
        Self { context, link: Arc::clone(link) }
    }

    fn tell(&self, tell: impl FnOnce(&mut Told, &SpanLimitSettings)) {
        let mut told = self.link.lock();
        if !self.link.is_ended.load(Ordering::Acquire) {
            tell(&mut told, &self.link.limits);
            self.link.is_told.store(true, Ordering::Release);
        }
    }
}

impl opentelemetry::trace::Span for Handle {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        self.tell(|told, limits| told.add_event(Event::new(name, timestamp, attributes, 0), limits));
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        !self.link.is_ended.load(Ordering::Acquire)
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.tell(|told, limits| told.set_attribute(attribute, limits));
    }

    fn set_status(&mut self, status: Status) {
        self.tell(|told, _| told.set_status(status));
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.tell(|told, _| told.update_name(new_name.into()));
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        self.tell(|told, limits| told.add_link(SpanLink::new(span_context, attributes, 0), limits));
    }

    /// Ahead of time: the span is exported when the instrumentation ends it, but as it was now.
    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        self.tell(|told, _| told.end(timestamp.into()));
        self.link.end();
    }
}
