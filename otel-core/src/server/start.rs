//! From a request's head to its span.

use opentelemetry::trace::{SpanKind, TraceContextExt as _};
use opentelemetry::{Context, InstrumentationScope};

use super::api_span;
use super::globals::Current;
use super::incoming::{self, Sent};
use super::metrics::RequestMetrics;
use super::open::Kept;
use crate::clock::Moment;
use crate::http::RequestFacts;
use crate::http::ServerRest;
use crate::http::method::RequestMethod;
use crate::http::settings::HttpSettings;
use crate::recorder::{Place, Slot, Tracer};
use crate::span_ids::{Ids, Parent};

/// A request, as it came.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) facts: &'a RequestFacts<'a>,
    pub(super) method: RequestMethod<'a>,
    pub(super) settings: &'static HttpSettings,
    pub(super) scope: &'static InstrumentationScope,
    pub(super) now: Moment,
}

/// Starts the span.
pub(super) fn start(
    scope: &'static InstrumentationScope,
    facts: &RequestFacts<'_>,
    settings: &'static HttpSettings,
) -> Place {
    crate::findings::request_seen();
    let now = Moment::now();
    let method = RequestMethod::classify(facts.method, settings);
    let arrival = Arrival { facts, method, settings, scope, now };
    let current = Current::of(scope, now);
    let tracer = current.tracer.as_ref();
    let mut slot = match Sent::in_headers(facts.headers, current.are_propagators_usual) {
        Sent::Nothing => below(&arrival, tracer, None, &Context::new()),
        Sent::Span(ids) => {
            let caller = Parent { ids, is_remote: true, state: None };
            below(&arrival, tracer, Some(caller), &Context::new())
        }
        Sent::More => below_context(&arrival, tracer, &incoming::extracted(facts.headers)),
    };
    if let Some(instruments) = &current.instruments {
        slot.request.metrics = Some(RequestMetrics::start(instruments, facts, method, settings));
    }
    slot
}

/// Starts it below what a propagator made of the headers.
#[cold]
fn below_context(arrival: &Arrival<'_>, tracer: Option<&Tracer>, context: &Context) -> Place {
    let span = context.span().span_context().clone();
    below(arrival, tracer, Parent::of(&span), context)
}

/// Starts it below the caller's span. `base` holds what else the caller sent.
#[inline]
fn below(arrival: &Arrival<'_>, tracer: Option<&Tracer>, caller: Option<Parent<'_>>, base: &Context) -> Place {
    let decided = tracer.and_then(|tracer| Some((tracer, tracer.decide(caller, arrival.now)?)));
    match decided {
        Some((tracer, (ids, true))) => recorded(arrival, tracer, ids, caller, base),
        Some((_, (ids, false))) => {
            // Nothing is built for it: it only has ids, which those that are called meanwhile are told.
            let context = base.with_remote_span_context(ids.context(false, Parent::trace_state(caller)));
            opened(arrival, context, Kept::Nowhere)
        }
        None => provided(arrival),
    }
}

/// Starts it in the recorder.
#[inline]
fn recorded(arrival: &Arrival<'_>, tracer: &Tracer, ids: Ids, caller: Option<Parent<'_>>, base: &Context) -> Place {
    let mut place = Slot::vacant();
    let slot = &mut *place;
    let handle = slot.open(&tracer.origin, ids, caller, arrival.now);
    slot.record.kind = &SpanKind::Server;
    slot.record.name = arrival.method.in_span_name();
    slot.server.start(arrival.facts, arrival.method, arrival.settings);
    if ServerRest::is_wanted(arrival.settings) {
        slot.rest_mut().server.start(arrival.facts, arrival.settings);
    }
    slot.request.open(arrival, base.with_span(handle), Kept::Recorder);
    place
}

#[cfg(all(test, feature = "_otlp"))]
pub(super) fn in_recorder(
    tracer: &Tracer,
    facts: &RequestFacts<'_>,
    settings: &'static HttpSettings,
    parent: Option<&opentelemetry::trace::SpanContext>,
) -> Option<Place> {
    static SCOPE: std::sync::LazyLock<InstrumentationScope> = std::sync::LazyLock::new(InstrumentationScope::default);
    let method = RequestMethod::classify(facts.method, settings);
    let arrival = Arrival { facts, method, settings, scope: &SCOPE, now: Moment::now() };
    let parent = parent.and_then(Parent::of);
    let (ids, _) = tracer.decide(parent, arrival.now)?;
    Some(recorded(&arrival, tracer, ids, parent, &Context::new()))
}

/// Starts it with whatever provider is installed, through the API.
#[cold]
fn provided(arrival: &Arrival<'_>) -> Place {
    opened(arrival, api_span::start(arrival), Kept::Provider)
}

fn opened(arrival: &Arrival<'_>, context: Context, kept: Kept) -> Place {
    let mut slot = Slot::vacant();
    slot.request.open(arrival, context, kept);
    slot
}
