//! Whoever makes function spans: our recorder, or through the API any other provider.

use std::cell::RefCell;

use opentelemetry::Context;
use opentelemetry::global::{self, BoxedSpan, BoxedTracer};
use opentelemetry::trace::{Link, Span as _, SpanBuilder, TraceContextExt as _, Tracer as _};

use super::CallSite;
use crate::clock::{Moment, REFRESH};
use crate::recorder::{OpenSpan, PooledSpan, Tracer, active_tracer, kind};
use crate::resource::scope;
use crate::span_ids::Parent;

thread_local! {
    /// Our tracer, as far as the global provider is ours; and when it was asked for.
    static RECORDER: RefCell<(Option<Tracer>, Option<Moment>)> = const { RefCell::new((None, None)) };

    /// A tracer that is known to record somewhere. Asking the API for one allocates, takes a lock and bumps two reference
    /// counts.
    static TRACER: RefCell<Option<BoxedTracer>> = const { RefCell::new(None) };
}

/// The span of a call.
pub(super) enum Started {
    /// In our recorder.
    Recorded(Context, PooledSpan),
    /// In this context; and whether it is recorded.
    Span(Context, bool),
    /// Nobody wants it.
    Nothing,
    /// Not ours to start.
    Elsewhere,
}

/// Starts a span in the recorder, if that is the global provider and its sampler need not see more than the parent.
#[inline]
pub(super) fn record(site: &'static CallSite, now: Moment) -> Started {
    let start = |known: &RefCell<(Option<Tracer>, Option<Moment>)>| {
        let known = known.borrow();
        let (tracer, asked) = &*known;
        let is_fresh = asked.is_some_and(|asked| now.is_within(REFRESH, asked))
            && tracer.as_ref().is_none_or(|tracer| !tracer.is_shut_down());
        is_fresh.then(|| match tracer {
            Some(tracer) => Context::map_current(|current| start_recorded(tracer, site, current, now)),
            None => Started::Elsewhere,
        })
    };
    // Refused while the thread ends.
    match RECORDER.try_with(start) {
        Ok(Some(started)) => started,
        Ok(None) => {
            refresh(now);
            RECORDER.try_with(start).ok().flatten().unwrap_or(Started::Elsewhere)
        }
        Err(_) => Started::Elsewhere,
    }
}

#[cold]
fn refresh(now: Moment) {
    // Until there is an answer there is no tracer: a provider that is being asked may have a function span itself. It may
    // change the current context, too: that is looked at only afterwards.
    let _ = RECORDER.try_with(|known| {
        let before = known.replace((None, Some(now))).0;
        let tracer = active_tracer(before.as_ref(), scope);
        known.replace((tracer, Some(now)));
    });
}

#[inline]
fn start_recorded(tracer: &Tracer, site: &'static CallSite, current: &Context, now: Moment) -> Started {
    let parent = current.span();
    let parent = Parent::of(parent.span_context()).filter(|_| !site.root);
    let Some(ids) = tracer.decide(parent, now) else { return Started::Elsewhere };
    if !tracer.records(ids) {
        let context = ids.context(false, Parent::trace_state(parent));
        return Started::Span(current.with_remote_span_context(context), false);
    }
    let mut span = OpenSpan::pooled();
    let handle = span.open(&tracer.core, ids, parent, now);
    span.record.kind = kind(&site.kind);
    span.record.name = site.name;
    span.record.code = Some(&site.location);
    #[cfg(feature = "viewer")]
    span.report_start(site.name, None);
    Started::Recorded(current.with_span(handle), span)
}

/// Starts a span with the global provider of now, through the API. One that is installed late, or after the first was
/// shut down, is still used.
pub(super) fn start(site: &'static CallSite, links: Vec<Link>, current: &Context) -> Started {
    let parent = if site.root { Context::new() } else { current.clone() };
    let mut builder = SpanBuilder::from_name(site.name).with_kind(site.kind.clone());
    if !links.is_empty() {
        builder = builder.with_links(links);
    }
    let mut span = build(builder, &parent);
    if !is_real(&span, &parent) {
        // There is nothing to end and nothing to pass on.
        return Started::Nothing;
    }
    let is_recording = span.is_recording();
    if is_recording {
        span.set_attributes(site.location.attributes());
    }
    Started::Span(current.with_span(span), is_recording)
}

fn build(builder: SpanBuilder, parent: &Context) -> BoxedSpan {
    // `None` while the thread ends, or when a sampler or processor of the user's has a function span itself.
    let kept =
        TRACER.try_with(|tracer| tracer.try_borrow_mut().ok().and_then(|mut tracer| tracer.take())).ok().flatten();
    if let Some(tracer) = kept {
        let span = tracer.build_with_context(builder.clone(), parent);
        if is_real(&span, parent) {
            keep(tracer);
            return span;
        }
    }
    let tracer = global::tracer_with_scope(scope());
    let span = tracer.build_with_context(builder, parent);
    if is_real(&span, parent) {
        keep(tracer);
    }
    span
}

/// Whether a provider made the span: without one the API repeats the parent, after shutdown there are no ids.
fn is_real(span: &BoxedSpan, parent: &Context) -> bool {
    let context = span.span_context();
    context.is_valid() && context.span_id() != parent.span().span_context().span_id()
}

fn keep(tracer: BoxedTracer) {
    // Refused only while the thread ends.
    let _ = TRACER.try_with(|kept| kept.try_borrow_mut().map(|mut kept| *kept = Some(tracer)));
}
