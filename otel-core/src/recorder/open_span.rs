//! A span while it is open.

use std::sync::Arc;

use opentelemetry::trace::{Event, SpanContext, SpanId, TraceState};

use super::limits::deduplicate;
use super::provider_core::TracerCore;
use super::record::{Details, Record};
use super::shard::EndedSpan;
use super::span_handle::{SharedAppData, SpanHandle};
use crate::clock::{Moment, Timestamp};
use crate::pool::Pool;
use crate::span_facts::OpenFacts;
use crate::span_ids::{Ids, Parent};

thread_local! {
    static POOL: Pool<OpenSpan> = const { Pool::new() };
}

/// An open span in a box that its thread uses again.
pub(crate) type PooledSpan = Box<OpenSpan>;

/// A span while it is open. At its end the data is copied into queues, and the next span may start in its place.
#[derive(Debug, Default)]
pub(crate) struct OpenSpan {
    /// Kept after the end, because the next span usually has the same tracer.
    pub(super) tracer: Option<Arc<TracerCore>>,
    /// The tracer of the previous span. Dropping it may drop its provider, and with it the application's sampler, whose code
    /// must not run while a span starts: contexts are borrowed then.
    displaced: Option<Arc<TracerCore>>,
    /// When the span started by our own clock. `None` if the application set the start.
    pub(super) started: Option<Moment>,
    pub(crate) record: Record,
    details: Option<Details>,
    /// The data that the application sets by a [`SpanHandle`]. `None` if no span had one.
    app_data: Option<Arc<SharedAppData>>,
}

/// The recipient of the span of a request or call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpanSink {
    /// None: the span is not sampled, or leaves no telemetry.
    None,
    /// Our recorder, as facts.
    Recorder,
    /// Another provider, as attributes, through the API.
    Api,
}

/// How much data the application has set so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AppProgress {
    /// The number of attributes.
    pub(crate) attributes: usize,
    /// `true` if the application ended the span.
    pub(crate) is_ended: bool,
}

impl OpenSpan {
    /// A span that has not started, in a box of this thread's pool.
    #[inline]
    pub(crate) fn pooled() -> PooledSpan {
        Pool::take(&POOL)
    }

    /// Starts a span that the application ends.
    #[inline]
    pub(super) fn start(&mut self, tracer: &Arc<TracerCore>, ids: Ids, parent: Option<Parent<'_>>, now: Moment) {
        if !self.tracer.as_ref().is_some_and(|known| Arc::ptr_eq(known, tracer)) {
            self.displaced = self.tracer.replace(Arc::clone(tracer));
            // The shared data has the limits of the previous provider.
            self.app_data = None;
        }
        let (parent_span_id, parent_is_remote) =
            parent.map_or((SpanId::INVALID, false), |parent| (parent.ids.span_id, parent.is_remote));
        self.started = Some(now);
        self.record = Record { ids, parent_span_id, parent_is_remote, start: now.timestamp(), ..Record::default() };
    }

    /// Starts a span that its instrumentation ends. The application reaches it by the handle.
    #[inline]
    pub(crate) fn open(
        &mut self,
        tracer: &Arc<TracerCore>,
        ids: Ids,
        parent: Option<Parent<'_>>,
        now: Moment,
    ) -> SpanHandle {
        self.start(tracer, ids, parent, now);
        let is_renewed = self.app_data.as_mut().is_some_and(SharedAppData::renew);
        let app_data = match &mut self.app_data {
            Some(app_data) if is_renewed => app_data,
            // There is none yet, or the context of an earlier span is still held.
            app_data => app_data.insert(Arc::new(SharedAppData::new(tracer.provider.limits))),
        };
        let handle = SpanHandle::new(ids.context(false, Parent::trace_state(parent)), app_data);
        if let Some(state) = parent.and_then(|parent| parent.state)
            && *state != TraceState::NONE
        {
            self.details_mut().trace_state = state.clone();
        }
        handle
    }

    /// Reports how much data the application has set. The instrumentation's next data replaces that data; data that the
    /// application sets later replaces both.
    #[inline]
    pub(crate) fn app_progress(&mut self) -> AppProgress {
        let mut progress = AppProgress { attributes: 0, is_ended: false };
        if let Some(app_data) = &self.app_data {
            app_data.visit(|data| {
                // Deduplicated now, so that their number stays the same if there is no room for later ones.
                deduplicate(&mut data.attributes);
                progress = AppProgress { attributes: data.attributes.len(), is_ended: data.ended.is_some() };
                data.is_renamed = false;
            });
        }
        progress
    }

    /// Takes over the application's data, and ends its handles: data that it sets later is not kept.
    #[inline]
    pub(crate) fn close(&mut self) {
        if let Some(app_data) = &self.app_data {
            app_data.end();
            let details = &mut self.details;
            app_data.visit(|data| details.get_or_insert_default().app_data = std::mem::take(data));
        }
    }

    /// Returns `true` if the application ended the span itself.
    #[inline]
    pub(crate) fn was_ended(&self) -> bool {
        self.details.as_ref().is_some_and(|details| details.app_data.ended.is_some())
    }

    /// Returns the rare data of the span for writing.
    #[inline]
    pub(crate) fn details_mut(&mut self) -> &mut Details {
        self.details.get_or_insert_default()
    }

    /// Adds an event of the instrumentation.
    pub(crate) fn add_event(&mut self, event: Event) {
        if let Some(tracer) = &self.tracer {
            let limits = tracer.provider.limits;
            self.details_mut().app_data.add_event(event, &limits);
        }
    }

    /// Shows the span in the viewer while it runs, by its name and the path of a request as far as they are known.
    #[cfg(feature = "viewer")]
    #[inline]
    pub(crate) fn report_start(&self, name: &str, path: Option<&str>) {
        let Record { ids, parent_span_id: parent, start, .. } = self.record;
        crate::span_watch::started(crate::span_watch::StartedSpan { ids, parent, name, path, start });
    }

    /// Ends the span, and puts a copy of it with its facts into the queues of the exporters.
    #[inline]
    pub(crate) fn export(&mut self, end: Timestamp, facts: &mut impl OpenFacts) {
        let end = self.details.as_ref().and_then(|details| details.app_data.ended).unwrap_or(end);
        // The clock of the application may have been set back: no span ends before it starts.
        self.record.end = end.max(self.record.start);
        #[cfg(feature = "viewer")]
        crate::span_watch::ended(self.record.ids.span_id);
        let Self { tracer, record, details, .. } = self;
        if let Some(tracer) = tracer {
            tracer.provider.export(&mut EndedSpan { scope: &tracer.scope, record, details, facts });
        }
    }

    /// Frees the parts that the next span cannot use.
    #[inline]
    pub(crate) fn reset(&mut self) {
        self.details = None;
        self.displaced = None;
        if self.tracer.as_ref().is_some_and(|tracer| tracer.provider.is_shut_down()) {
            // Otherwise they would live as long as this thread.
            (self.tracer, self.app_data) = (None, None);
        }
    }

    /// Ends a span without facts, and keeps its box.
    #[inline]
    pub(crate) fn finish(mut self: Box<Self>, end: Timestamp) {
        self.export(end, &mut ());
        self.reset();
        Pool::put(&POOL, self);
    }

    /// The context that other spans refer to.
    #[inline]
    pub(super) fn span_context(&self) -> SpanContext {
        let state = self.details.as_ref().map(|details| details.trace_state.clone());
        self.record.ids.context(false, state.unwrap_or_default())
    }
}
