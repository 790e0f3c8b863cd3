//! The span of one call.

use opentelemetry::{
    Context, KeyValue, Value,
    trace::{Link, SpanContext, TraceContextExt},
};

use super::{
    CallSite, Entered, Field, InSpan, Links,
    end::End,
    tracer::{self, Started},
};
use crate::{
    recorder::{Moment, Place},
    startup::is_disabled,
};

/// Starts the span of a call.
///
/// It is not current yet: see [`enter`](FunctionSpan::enter), [`call`](FunctionSpan::call) and
/// [`drive`](FunctionSpan::drive).
#[must_use = "the span ends when it is dropped"]
#[inline]
pub fn begin(site: &'static CallSite) -> FunctionSpan {
    if is_unwanted(site) { FunctionSpan::nothing() } else { start(site) }
}

/// Like [`begin`], with links to other spans.
#[must_use = "the span ends when it is dropped"]
pub fn begin_linked(site: &'static CallSite, links: impl Links) -> FunctionSpan {
    if is_unwanted(site) {
        return FunctionSpan::nothing();
    }
    start_linked(site, links.into_links())
}

/// Runs `body`. A closure passed to a function like this one may be called once: written on its own it would be taken
/// for one that may be called again, and could not give away what it captured.
pub fn call<R>(body: impl FnOnce() -> R) -> R {
    body()
}

fn start(site: &'static CallSite) -> FunctionSpan {
    let now = Moment::now();
    match tracer::record(site, now) {
        Started::Recorded(context, slot) => FunctionSpan::new(context, Some(slot), true, now),
        Started::Elsewhere => start_elsewhere(site, Vec::new(), now),
        Started::Span(context, is_recording) => FunctionSpan::new(context, None, is_recording, now),
        Started::Nothing => FunctionSpan::nothing(),
    }
}

fn start_linked(site: &'static CallSite, links: Vec<Link>) -> FunctionSpan {
    let now = Moment::now();
    match tracer::record(site, now) {
        Started::Recorded(context, slot) => {
            for Link { span_context, attributes, .. } in links.into_iter().filter(|link| link.span_context.is_valid())
            {
                context.span().add_link(span_context, attributes);
            }
            FunctionSpan::new(context, Some(slot), true, now)
        }
        Started::Elsewhere => start_elsewhere(site, links, now),
        Started::Span(context, is_recording) => FunctionSpan::new(context, None, is_recording, now),
        Started::Nothing => FunctionSpan::nothing(),
    }
}

#[cold]
fn start_elsewhere(site: &'static CallSite, links: Vec<Link>, now: Moment) -> FunctionSpan {
    match tracer::start(site, links, &Context::current()) {
        Started::Span(context, is_recording) => FunctionSpan::new(context, None, is_recording, now),
        _ => FunctionSpan::nothing(),
    }
}

/// Whether nobody will see the span of this call.
fn is_unwanted(site: &'static CallSite) -> bool {
    is_disabled()
        || Context::map_current(|current| current.is_telemetry_suppressed() || !site.root && is_decided(current))
}

/// Whether the parent's fate is the child's: a span of this process that is neither recorded nor sampled. Every sampler
/// of the specification answers for the child as it did for such a parent, so that nobody needs to be asked.
fn is_decided(parent: &Context) -> bool {
    let span = parent.span();
    let context: &SpanContext = span.span_context();
    context.is_valid() && !context.is_remote() && !context.is_sampled() && !span.is_recording()
}

/// The span of one call of a function. Ends when it is dropped, if not before.
#[derive(Debug)]
#[must_use = "the span ends when it is dropped"]
pub struct FunctionSpan {
    /// The context of the function; `None` when it is the caller's.
    pub(super) context: Option<Context>,
    /// The record, where our recorder keeps it.
    pub(super) slot: Option<Place>,
    pub(super) is_recording: bool,
    pub(super) started: Moment,
    /// The thread was unwinding when the call began (in a `Drop`): that panic is none of ours.
    pub(super) was_panicking: bool,
    /// How the span ends when it is dropped now.
    pub(super) end: End,
}

impl FunctionSpan {
    #[inline]
    fn new(context: Context, slot: Option<Place>, is_recording: bool, started: Moment) -> Self {
        let was_panicking = std::thread::panicking();
        Self { context: Some(context), slot, is_recording, started, was_panicking, end: End::Returned }
    }

    #[inline]
    fn nothing() -> Self {
        Self {
            context: None,
            slot: None,
            is_recording: false,
            started: Moment::UNKNOWN,
            // Nobody will ask.
            was_panicking: true,
            end: End::Returned,
        }
    }

    /// Whether anything that is set on the span will be seen by anyone.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.is_recording
    }

    /// Sets the attribute `key`. `Option::None` sets nothing.
    pub fn record(&self, key: &'static str, value: &(impl Field + ?Sized)) {
        if self.is_recording {
            self.record_value(key, value.to_value());
        }
    }

    /// Sets the attribute `key`, if there is a value.
    pub fn record_value(&self, key: &'static str, value: Option<Value>) {
        if let (Some(context), Some(value)) = (&self.context, value) {
            context.span().set_attribute(KeyValue::new(key, value));
        }
    }

    /// Makes the span current until the guard is dropped, which also ends it.
    #[inline]
    pub fn enter(self) -> Entered {
        Entered::new(self)
    }

    /// Runs `body` with the span current, lets `outcome` look at what it returns, and ends the span.
    pub fn call<R>(self, body: impl FnOnce() -> R, outcome: impl FnOnce(&Self, &R)) -> R {
        let entered = self.enter();
        let output = body();
        if entered.span().is_recording {
            outcome(entered.span(), &output);
        }
        output
    }

    /// The future with the span current in each poll. The span ends with the future.
    pub fn drive<T, F: Future<Output = T>, O: FnOnce(&Self, &T)>(self, future: F, outcome: O) -> InSpan<F, O> {
        InSpan::new(self, future, outcome)
    }

    /// Runs `body` with the span current, and then [drives](Self::drive) the future that it returned.
    pub fn drive_returned<F, O>(self, body: impl FnOnce() -> F, outcome: O) -> InSpan<F, O>
    where
        F: Future,
        O: FnOnce(&Self, &F::Output),
    {
        let mut span = self;
        let future = {
            let _attached = span.attach();
            body()
        };
        span.drive(future, outcome)
    }
}
