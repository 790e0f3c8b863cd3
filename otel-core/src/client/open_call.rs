//! A call while it is open, whatever its conventions.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue, global};

use super::active_globals::ActiveGlobals;
use super::metrics::Instruments;
use crate::clock::{Moment, Timestamp};
use crate::pool::Pool;
use crate::recorder::{OpenSpan, SpanSink, Tracer};
use crate::span_facts::{FactsView, OpenCallFacts};
use crate::span_ids::Parent;

thread_local! {
    static POOL: Pool<OpenCall> = const { Pool::new() };
}

/// An open call in a box that its thread uses again.
pub(super) type PooledCall = Box<OpenCall>;

/// A call while it is open: its span, and the facts for the span's attributes.
#[derive(Debug)]
pub(super) struct OpenCall {
    /// The span, if our recorder is the [sink](SpanSink).
    span: OpenSpan,
    pub(super) facts: OpenCallFacts,
    sink: SpanSink,
    /// The context in which the call runs. Its span is the call's.
    pub(super) context: Context,
    /// `None` if metrics are not exported.
    pub(super) instruments: Option<Arc<Instruments>>,
    /// `true` if the global propagators are the usual ones.
    pub(super) are_propagators_usual: bool,
    started: Moment,
}

impl Default for OpenCall {
    fn default() -> Self {
        Self {
            span: OpenSpan::default(),
            facts: OpenCallFacts::default(),
            sink: SpanSink::None,
            context: Context::new(),
            instruments: None,
            are_propagators_usual: false,
            started: Moment::UNKNOWN,
        }
    }
}

impl OpenCall {
    /// Starts a call below the current span. `name` is the name of its span unless the facts, which `fill` sets, have
    /// another one.
    #[inline]
    pub(super) fn start(
        scope: &'static InstrumentationScope,
        name: &'static str,
        fill: impl FnOnce(&mut OpenCallFacts),
    ) -> PooledCall {
        let now = Moment::now();
        let globals = ActiveGlobals::of(scope, now);
        let mut call = Pool::take(&POOL);
        fill(&mut call.facts);
        call.started = now;
        call.instruments.clone_from(&globals.instruments);
        call.are_propagators_usual = globals.are_propagators_usual;
        let is_decided = globals.tracer.as_ref().is_some_and(|tracer| {
            Context::map_current(|current| call.start_recorded(tracer, current, name, now).is_some())
        });
        if !is_decided {
            call.start_elsewhere(scope, name, now);
        }
        call
    }

    /// Starts the span in our recorder. `None` if the sampler has to see more than the parent.
    #[inline]
    fn start_recorded(&mut self, tracer: &Tracer, current: &Context, name: &'static str, now: Moment) -> Option<()> {
        let parent = current.span();
        let parent = Parent::of(parent.span_context());
        let ids = tracer.decide(parent, now)?;
        if tracer.records(ids) {
            let handle = self.span.open(&tracer.core, ids, parent, now);
            self.span.record.kind = &SpanKind::Client;
            self.span.record.name = name;
            self.context = current.with_span(handle);
            self.sink = SpanSink::Recorder;
        } else {
            // Nothing is recorded: there are only ids for the service that is called.
            self.context = current.with_remote_span_context(ids.context(false, Parent::trace_state(parent)));
            self.sink = SpanSink::None;
        }
        Some(())
    }

    /// Starts the span with whatever provider is installed, through the API.
    #[cold]
    fn start_elsewhere(&mut self, scope: &'static InstrumentationScope, name: &'static str, now: Moment) {
        let mut attributes = Vec::with_capacity(16);
        let view = self.facts.view();
        if let Some(view) = &view {
            view.visit_start(&mut attributes);
        }
        let builder = SpanBuilder::from_name(span_name(view, name))
            .with_kind(SpanKind::Client)
            .with_start_time(now.timestamp())
            .with_attributes(attributes);
        let parent = Context::current();
        let span = global::tracer_with_scope(scope.clone()).build_with_context(builder, &parent);
        self.context = parent.with_span(span);
        self.sink = SpanSink::Api;
    }

    /// The time since the start in nanoseconds, and the end that follows from it.
    #[inline]
    pub(super) fn end_now(&self) -> (u64, Timestamp) {
        let duration = self.started.elapsed();
        (duration, self.started.after(duration))
    }

    /// Ends the span, with a status of error if the call failed.
    #[inline]
    pub(super) fn finish(mut self: Box<Self>, end: Timestamp, is_failed: bool) {
        match self.sink {
            SpanSink::None => self.context = Context::new(),
            SpanSink::Recorder => {
                self.span.close();
                if is_failed {
                    self.fail();
                }
                // Before the span is exported: it has ended for the application by then.
                self.context = Context::new();
                let Self { span, facts, .. } = &mut *self;
                span.export(end, facts);
            }
            SpanSink::Api => self.finish_elsewhere(end, is_failed),
        }
        self.span.reset();
        self.facts.clear();
        self.sink = SpanSink::None;
        // Otherwise they would live as long as this thread.
        self.instruments = None;
        Pool::put(&POOL, self);
    }

    /// Sets the status, unless the application set one.
    #[cold]
    fn fail(&mut self) {
        let app_data = &mut self.span.details_mut().app_data;
        if app_data.status == Status::Unset {
            app_data.set_status(Status::error(""));
        }
    }

    #[cold]
    fn finish_elsewhere(&mut self, end: Timestamp, is_failed: bool) {
        let context = std::mem::take(&mut self.context);
        let span = context.span();
        if span.is_recording() {
            let mut attributes: Vec<KeyValue> = Vec::with_capacity(8);
            if let Some(view) = self.facts.view() {
                view.visit_response(&mut attributes);
                view.visit_end(&mut attributes);
            }
            span.set_attributes(attributes);
            if is_failed {
                span.set_status(Status::error(""));
            }
        }
        span.end_with_timestamp(end.into());
    }
}

fn span_name(view: Option<FactsView<'_>>, name: &'static str) -> Cow<'static, str> {
    match view.and_then(|view| view.name_parts()) {
        None => Cow::Borrowed(name),
        Some((first, None)) => Cow::Owned(first.to_owned()),
        Some((first, Some(second))) => Cow::Owned([first, " ", second].concat()),
    }
}
