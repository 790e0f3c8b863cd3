//! The handle by which the application reaches a span. The instrumentation that started the span keeps its record and ends
//! it.
//!
//! The context of a request, or of an annotated function, holds a live span: handlers may set attributes, add events, or
//! hand it to other threads. Hardly any do. So the instrumentation writes its record without a lock, and the data of the
//! application is kept apart until the span ends.
//!
//! ```text
//! OpenSpan (instrumentation) ──► SharedAppData ◄── SpanHandle (in the context and its clones)
//!      details ◄── at the end ── AppData
//! ```

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, SpanContext, Status};

use super::app_data::AppData;
use crate::config::SpanLimitSettings;

/// The data of the application, until the span takes it over.
#[derive(Debug)]
pub(crate) struct SharedAppData {
    /// `true` if there is data: the lock need not be taken otherwise.
    has_data: AtomicBool,
    is_ended: AtomicBool,
    data: Mutex<AppData>,
    limits: SpanLimitSettings,
}

impl SharedAppData {
    pub(super) fn new(limits: SpanLimitSettings) -> Self {
        let (has_data, is_ended) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { has_data, is_ended, data: Mutex::default(), limits }
    }

    /// Prepares for the next span. Returns `false` if the context of the last one is still held.
    #[inline]
    pub(super) fn renew(shared: &mut Arc<Self>) -> bool {
        let Some(Self { has_data, is_ended, data, .. }) = Arc::get_mut(shared) else { return false };
        if std::mem::take(has_data.get_mut()) {
            *data.get_mut().unwrap_or_else(PoisonError::into_inner) = AppData::NONE;
        }
        *is_ended.get_mut() = false;
        true
    }

    /// Ends the span: data that comes later is not kept.
    #[inline]
    pub(super) fn end(&self) {
        self.is_ended.store(true, Ordering::Release);
    }

    /// Calls `visit` with the data so far, if there is any.
    #[inline]
    pub(super) fn visit(&self, visit: impl FnOnce(&mut AppData)) {
        if self.has_data.load(Ordering::Acquire) {
            visit(&mut self.lock());
        }
    }

    #[cold]
    fn lock(&self) -> MutexGuard<'_, AppData> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The span that contexts hold.
#[derive(Debug)]
pub(crate) struct SpanHandle {
    context: SpanContext,
    shared: Arc<SharedAppData>,
}

impl SpanHandle {
    #[inline]
    pub(super) fn new(context: SpanContext, shared: &Arc<SharedAppData>) -> Self {
        Self { context, shared: Arc::clone(shared) }
    }

    /// Calls `change` with the data, unless the span ended.
    fn change(&self, change: impl FnOnce(&mut AppData, &SpanLimitSettings)) {
        let mut data = self.shared.lock();
        if !self.shared.is_ended.load(Ordering::Acquire) {
            change(&mut data, &self.shared.limits);
            self.shared.has_data.store(true, Ordering::Release);
        }
    }
}

impl opentelemetry::trace::Span for SpanHandle {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        self.change(|data, limits| data.add_event(Event::new(name, timestamp, attributes, 0), limits));
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        !self.shared.is_ended.load(Ordering::Acquire)
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.change(|data, limits| data.set_attribute(attribute, limits));
    }

    fn set_status(&mut self, status: Status) {
        self.change(|data, _| data.set_status(status));
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.change(|data, _| data.update_name(new_name.into()));
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        self.change(|data, limits| data.add_link(Link::new(span_context, attributes, 0), limits));
    }

    /// Stores the end. The instrumentation exports the span when its own work ends, with this end and the data set so far.
    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        self.change(|data, _| data.end(timestamp.into()));
        self.shared.end();
    }
}
