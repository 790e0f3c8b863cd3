//! The start of a request.

use opentelemetry::trace::{SpanKind, TraceContextExt as _};
use opentelemetry::{Context, InstrumentationScope};

use super::active_globals::ActiveGlobals;
use super::api_span;
use super::metrics::RequestMetrics;
use super::open_request::{IncomingRequest, OpenRequest, PooledRequest, SpanSink};
use super::trace_context::{self, Caller};
use crate::clock::Moment;
use crate::http::RequestFacts;
use crate::http::method::RequestMethod;
use crate::http::settings::HttpSettings;
use crate::recorder::Tracer;
use crate::span_ids::{Ids, Parent};

/// Starts the span and the metrics.
pub(super) fn start(
    scope: &'static InstrumentationScope,
    facts: &RequestFacts<'_>,
    settings: &'static HttpSettings,
) -> PooledRequest {
    crate::findings::request_seen();
    let now = Moment::now();
    let method = RequestMethod::classify(facts.method, settings);
    let incoming = IncomingRequest { facts, method, settings, scope, now };
    let globals = ActiveGlobals::of(scope, now);
    let tracer = globals.tracer.as_ref();
    let mut request = match Caller::of(facts.headers, globals.are_propagators_usual) {
        Caller::Span(ids) => {
            let parent = ids.map(|ids| Parent { ids, is_remote: true, state: None });
            below(&incoming, tracer, parent, &Context::new())
        }
        Caller::Other => below_context(&incoming, tracer, &trace_context::extract(facts.headers)),
    };
    if let Some(instruments) = &globals.instruments {
        request.metrics = Some(RequestMetrics::start(instruments, facts, method, settings));
    }
    request
}

/// Starts the span below the context that a propagator extracted.
#[cold]
fn below_context(incoming: &IncomingRequest<'_>, tracer: Option<&Tracer>, context: &Context) -> PooledRequest {
    let span = context.span().span_context().clone();
    below(incoming, tracer, Parent::of(&span), context)
}

/// Starts the span below the caller's span. `base` holds everything else that the caller sent.
#[inline]
fn below(
    incoming: &IncomingRequest<'_>,
    tracer: Option<&Tracer>,
    parent: Option<Parent<'_>>,
    base: &Context,
) -> PooledRequest {
    let decided = tracer.and_then(|tracer| Some((tracer, tracer.decide(parent, incoming.now)?)));
    match decided {
        Some((tracer, ids)) if tracer.records(ids) => recorded(incoming, tracer, ids, parent, base),
        Some((_, ids)) => {
            // Nothing is recorded: there are only ids, which calls of the handler send on.
            let context = base.with_remote_span_context(ids.context(false, Parent::trace_state(parent)));
            opened(incoming, context, SpanSink::None)
        }
        // No recorder of ours, or a sampler that needs more than the parent.
        None => opened(incoming, api_span::start(incoming), SpanSink::Api),
    }
}

/// Starts the span in our recorder.
#[inline]
fn recorded(
    incoming: &IncomingRequest<'_>,
    tracer: &Tracer,
    ids: Ids,
    parent: Option<Parent<'_>>,
    base: &Context,
) -> PooledRequest {
    let mut request = OpenRequest::pooled();
    let OpenRequest { span, record, .. } = &mut *request;
    let handle = span.open(&tracer.core, ids, parent, incoming.now);
    span.record.kind = &SpanKind::Server;
    span.record.name = incoming.method.in_span_name();
    #[cfg(feature = "viewer")]
    span.report_start(span.record.name, Some(incoming.facts.path));
    record.start(incoming.facts, incoming.method, incoming.settings);
    request.open(incoming, base.with_span(handle), SpanSink::Recorder);
    request
}

fn opened(incoming: &IncomingRequest<'_>, context: Context, sink: SpanSink) -> PooledRequest {
    let mut request = OpenRequest::pooled();
    request.open(incoming, context, sink);
    request
}

#[cfg(all(test, feature = "_otlp"))]
pub(super) fn in_recorder(
    tracer: &Tracer,
    facts: &RequestFacts<'_>,
    settings: &'static HttpSettings,
    parent: Option<&opentelemetry::trace::SpanContext>,
) -> Option<PooledRequest> {
    static SCOPE: std::sync::LazyLock<InstrumentationScope> = std::sync::LazyLock::new(InstrumentationScope::default);
    let method = RequestMethod::classify(facts.method, settings);
    let incoming = IncomingRequest { facts, method, settings, scope: &SCOPE, now: Moment::now() };
    let parent = parent.and_then(Parent::of);
    let ids = tracer.decide(parent, incoming.now)?;
    Some(recorded(&incoming, tracer, ids, parent, &Context::new()))
}
