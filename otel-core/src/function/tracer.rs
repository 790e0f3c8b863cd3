//! The source of function spans: our recorder, or any other provider through the API.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::Context;
use opentelemetry::global::{self, BoxedSpan, BoxedTracer};
use opentelemetry::trace::{Link, Span as _, SpanBuilder, TraceContextExt as _, Tracer as _};

use super::CallSite;
use super::silence::{self, Silent};
use crate::clock::Moment;
use crate::recorder::{OpenSpan, PooledSpan, Tracer, active_tracer, kind};
use crate::resource::scope;
use crate::snapshot::Snapshot;
use crate::span_ids::Parent;

thread_local! {
    static LAST: RefCell<Option<Snapshot<Provider>>> = const { RefCell::new(None) };

    /// A tracer that has started a real span. Creating one through the API allocates, takes a lock and changes two
    /// reference counts.
    static TRACER: RefCell<Option<BoxedTracer>> = const { RefCell::new(None) };
}

/// `true` once a provider made a span through the API. From then on, a provider that makes no span is called again for
/// each function: it may make spans for some calls only.
static WAS_PRESENT: AtomicBool = AtomicBool::new(false);

/// A kind of global provider.
enum Provider {
    /// Our recorder.
    Recorder(Tracer),
    /// A provider that is reached through the API only.
    Other,
}

/// The span of a call.
pub(super) enum Started {
    /// In our recorder.
    Recorded(Context, PooledSpan),
    /// A span of another provider, in this context; `true` if it is recorded.
    Span(Context, bool),
    /// No span: nothing would export it.
    Nothing,
    /// A span that has to be started [through the API](start).
    Elsewhere,
}

/// Starts a span in the recorder, if that is the global provider and its sampler need not see more than the parent.
#[inline]
pub(super) fn record(site: &'static CallSite, now: Moment) -> Started {
    let start = |last: &RefCell<Option<Snapshot<Provider>>>| {
        let last = last.borrow();
        let last = last.as_ref()?;
        match last.fresh(now)? {
            Provider::Recorder(tracer) if tracer.is_shut_down() => None,
            Provider::Recorder(tracer) => {
                Some(Context::map_current(|current| start_recorded(tracer, site, current, now)))
            }
            Provider::Other => Some(Started::Elsewhere),
        }
    };
    // Refused while the thread ends.
    match LAST.try_with(start) {
        Ok(Some(started)) => started,
        Ok(None) => {
            refresh(now);
            LAST.try_with(start).ok().flatten().unwrap_or(Started::Elsewhere)
        }
        Err(_) => Started::Elsewhere,
    }
}

#[cold]
fn refresh(now: Moment) {
    // The other provider is the default until it has answered: the provider that is probed may itself call a function
    // with a span. It may change the current context, too, which is read only afterwards.
    let _ = LAST.try_with(|last| {
        let before = last.replace(Some(Snapshot::new(Provider::Other, now)));
        let before = if let Some(Provider::Recorder(tracer)) = before.as_ref().map(Snapshot::value) {
            Some(tracer)
        } else {
            None
        };
        let provider = active_tracer(before, scope).map_or(Provider::Other, Provider::Recorder);
        last.replace(Some(Snapshot::new(provider, now)));
    });
}

#[inline]
fn start_recorded(tracer: &Tracer, site: &'static CallSite, current: &Context, now: Moment) -> Started {
    if tracer.exports_nothing() {
        silence::start(Silent::All);
        return Started::Nothing;
    }
    if tracer.samples_no_roots() && !current.has_active_span() {
        silence::start(Silent::Roots);
        return Started::Nothing;
    }
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

/// Starts a span with the current global provider, through the API. A provider that is installed late, or after the
/// first was shut down, is still used.
pub(super) fn start(site: &'static CallSite, links: Vec<Link>, current: &Context) -> Started {
    let parent = if site.root { Context::new() } else { current.clone() };
    let mut builder = SpanBuilder::from_name(site.name).with_kind(site.kind.clone());
    if !links.is_empty() {
        builder = builder.with_links(links);
    }
    let mut span = build(builder, &parent);
    if !is_real(&span, &parent) {
        // There is no span to end, and no context to pass on.
        if !WAS_PRESENT.load(Ordering::Relaxed) {
            silence::start(Silent::All);
            // One of ours may be installed before that ends. Refused only while the thread ends.
            let _ = LAST.try_with(|last| last.replace(None));
        }
        return Started::Nothing;
    }
    let is_recording = span.is_recording();
    if is_recording {
        span.set_attributes(site.location.attributes());
    }
    Started::Span(current.with_span(span), is_recording)
}

fn build(builder: SpanBuilder, parent: &Context) -> BoxedSpan {
    // `None` while the thread ends, or if a sampler or processor of the application calls a function with a span.
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

/// Returns `true` if a provider made the span. Without one the API returns the parent's ids; after a shutdown there are
/// none.
fn is_real(span: &BoxedSpan, parent: &Context) -> bool {
    let context = span.span_context();
    context.is_valid() && context.span_id() != parent.span().span_context().span_id()
}

fn keep(tracer: BoxedTracer) {
    WAS_PRESENT.store(true, Ordering::Relaxed);
    // Refused only while the thread ends.
    let _ = TRACER.try_with(|kept| kept.try_borrow_mut().map(|mut kept| *kept = Some(tracer)));
}
