//! The start of a request.

use opentelemetry::trace::{SpanKind, TraceContextExt as _};
use opentelemetry::{Context, InstrumentationScope};

use super::active_globals::ActiveGlobals;
use super::api_span;
use super::metrics::RequestMetrics;
use super::open_request::{IncomingRequest, OpenRequest, PooledRequest};
use super::trace_context::{self, Caller};
use crate::clock::Moment;
use crate::http::RequestFacts;
use crate::http::method::RequestMethod;
use crate::http::settings::HttpSettings;
use crate::recorder::{SpanHandle, SpanSink, Tracer};
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
    let span_context;
    let (parent, base) = match Caller::of(facts.headers, globals.are_propagators_usual) {
        Caller::Span(ids) => (ids.map(|ids| Parent { ids, is_remote: true, state: None }), Context::new()),
        Caller::Other => {
            let context = trace_context::extract(facts.headers);
            span_context = context.span().span_context().clone();
            (Parent::of(&span_context), context)
        }
    };
    let mut request = OpenRequest::pooled();
    open(&mut request, &incoming, globals.tracer.as_ref(), parent, &base);
    if let Some(instruments) = &globals.instruments {
        request.metrics = Some(RequestMetrics::start(instruments, facts, method, settings));
    }
    request
}

/// Opens the request with a span below the caller's. `base` holds everything else that the caller sent.
#[inline]
fn open(
    request: &mut OpenRequest,
    incoming: &IncomingRequest<'_>,
    tracer: Option<&Tracer>,
    parent: Option<Parent<'_>>,
    base: &Context,
) {
    let decided = tracer.and_then(|tracer| Some((tracer, tracer.decide(parent, incoming.now)?)));
    let (context, sink) = match decided {
        Some((tracer, ids)) if tracer.records(ids) => {
            (base.with_span(record(request, incoming, tracer, ids, parent)), SpanSink::Recorder)
        }
        // The span is not recorded. Its ids exist only for the headers of outgoing calls.
        Some((_, ids)) => {
            (base.with_remote_span_context(ids.context(false, Parent::trace_state(parent))), SpanSink::None)
        }
        // Our recorder is not installed, or the application's sampler has to see the whole span.
        None => (api_span::start(incoming), SpanSink::Api),
    };
    request.open(incoming, context, sink);
}

/// Starts the span in our recorder.
#[inline]
fn record(
    request: &mut OpenRequest,
    incoming: &IncomingRequest<'_>,
    tracer: &Tracer,
    ids: Ids,
    parent: Option<Parent<'_>>,
) -> SpanHandle {
    let OpenRequest { span, facts, .. } = request;
    let handle = span.open(&tracer.core, ids, parent, incoming.now);
    span.record.kind = &SpanKind::Server;
    span.record.name = incoming.method.in_span_name();
    #[cfg(feature = "viewer")]
    span.report_start(span.record.name, Some(incoming.facts.path));
    facts.start(incoming.facts, incoming.method, incoming.settings);
    handle
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
    tracer.decide(parent, incoming.now)?;
    let mut request = OpenRequest::pooled();
    open(&mut request, &incoming, Some(tracer), parent, &Context::new());
    Some(request)
}
