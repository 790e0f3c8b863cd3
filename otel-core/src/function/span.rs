//! The span of one call.

use opentelemetry::{
    Context, KeyValue, Value,
    trace::{Link, SpanContext, TraceContextExt},
};

use super::{
    CallSite, Field, Links,
    silence::is_silent,
    tracer::{self, Started},
};
use crate::{
    carry::has_context,
    clock::Moment,
    recorder::{PooledSpan, has_custom_sampler},
    suppress::is_disabled,
};

/// Starts the span of a call.
///
/// It is not current yet: see [`enter`](FunctionSpan::enter), [`call`](FunctionSpan::call) and
/// [`drive`](FunctionSpan::drive).
#[must_use = "the span ends when it is dropped"]
#[inline]
pub fn begin(site: &'static CallSite) -> FunctionSpan {
    if is_unwanted(site) { FunctionSpan::NOTHING } else { start(site) }
}

/// Like [`begin`], with links to other spans.
#[must_use = "the span ends when it is dropped"]
pub fn begin_linked(site: &'static CallSite, links: impl Links) -> FunctionSpan {
    if is_unwanted(site) { FunctionSpan::NOTHING } else { start_linked(site, links.into_links()) }
}

/// Runs `body`. A closure that is passed to a function like this one is an `FnOnce`. Without such a call, the compiler
/// may infer a closure that can be called again, and that cannot move its captured values out.
pub fn call<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// `Box::pin`, for crates without `std` in scope.
pub fn pin<F>(future: F) -> std::pin::Pin<Box<F>> {
    Box::pin(future)
}

fn start(site: &'static CallSite) -> FunctionSpan {
    let now = Moment::now();
    match tracer::record(site, now) {
        Started::Elsewhere => FunctionSpan::of(start_elsewhere(site, Vec::new()), now),
        started => FunctionSpan::of(started, now),
    }
}

fn start_linked(site: &'static CallSite, links: Vec<Link>) -> FunctionSpan {
    let now = Moment::now();
    match tracer::record(site, now) {
        Started::Elsewhere => FunctionSpan::of(start_elsewhere(site, links), now),
        Started::Recorded(context, recorded) => {
            for Link { span_context, attributes, .. } in links.into_iter().filter(|link| link.span_context.is_valid()) {
                context.span().add_link(span_context, attributes);
            }
            FunctionSpan::of(Started::Recorded(context, recorded), now)
        }
        started => FunctionSpan::of(started, now),
    }
}

#[cold]
fn start_elsewhere(site: &'static CallSite, links: Vec<Link>) -> Started {
    tracer::start(site, links, &Context::current())
}

/// Returns `true` if no exporter will see the span of this call.
#[inline]
fn is_unwanted(site: &'static CallSite) -> bool {
    is_disabled() || is_silent() || is_unwanted_here(site)
}

fn is_unwanted_here(site: &'static CallSite) -> bool {
    !has_context()
        || Context::map_current(|current| current.is_telemetry_suppressed() || !site.root && is_decided(current))
}

/// Returns `true` if the parent is a span of this process that is neither recorded nor sampled. Every sampler of the
/// specification decides the same for a child of such a parent, so it need not be called. A sampler of the application
/// may decide otherwise; it is called if it belongs to our recorder.
fn is_decided(parent: &Context) -> bool {
    let span = parent.span();
    let context: &SpanContext = span.span_context();
    context.is_valid() && !context.is_remote() && !context.is_sampled() && !span.is_recording() && !has_custom_sampler()
}

/// The state of the call when its span is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallState {
    /// It returned. [`Returned`](super::Returned) has recorded the outcome.
    Returned,
    /// It is a future that is not ready yet.
    Pending,
}

/// The span of one call of a function. Ends when it is dropped, if not before.
#[derive(Debug)]
#[must_use = "the span ends when it is dropped"]
pub struct FunctionSpan {
    /// `None` if there is no span, or it has ended.
    pub(super) live: Option<Live>,
}

/// A span that has started.
#[derive(Debug)]
pub(super) struct Live {
    /// The context of the function.
    pub(super) context: Context,
    /// The open span. `None` if another provider than ours records it.
    pub(super) recorded: Option<PooledSpan>,
    pub(super) is_recording: bool,
    pub(super) started: Moment,
    /// `true` if the thread was unwinding when the call began (in a `Drop`): that panic is not the call's own.
    pub(super) was_panicking: bool,
    /// The state of the call if the span is dropped now.
    pub(super) end: CallState,
}

impl FunctionSpan {
    const NOTHING: Self = Self { live: None };

    #[inline]
    fn of(span: Started, started: Moment) -> Self {
        let (context, recorded, is_recording) = match span {
            Started::Recorded(context, recorded) => (context, Some(recorded), true),
            Started::Span(context, is_recording) => (context, None, is_recording),
            Started::Nothing | Started::Elsewhere => return Self::NOTHING,
        };
        let was_panicking = std::thread::panicking();
        Self { live: Some(Live { context, recorded, is_recording, started, was_panicking, end: CallState::Returned }) }
    }

    /// Returns `true` if the span is recorded.
    #[must_use]
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.live.as_ref().is_some_and(|live| live.is_recording)
    }

    /// Sets the attribute `key`. `Option::None` sets nothing.
    pub fn record(&self, key: &'static str, value: &(impl Field + ?Sized)) {
        if self.is_recording() {
            self.record_value(key, value.to_value());
        }
    }

    /// Sets the attribute `key`, if there is a value.
    pub fn record_value(&self, key: &'static str, value: Option<Value>) {
        if let (Some(live), Some(value)) = (&self.live, value) {
            live.context.span().set_attribute(KeyValue::new(key, value));
        }
    }
}
