//! The SERVER span of one request, from its head to the end of its body, and the metrics that go with it.

use super::attributes::{self, Seen};
use super::error_type::ErrorType;
use super::exception;
use super::method::RequestMethod;
use super::metrics::{Instruments, Outcome, RequestMetrics};
use super::noted::{Noted, Parent, extracted};
use super::place::{self, Place, Vacant};
use super::recorded::{self, Answer, Ending, RecordedRequest, RecordedSpan, ServerRecord};
use super::request::RequestFacts;
use super::response::{Failure, ResponseFacts};
use super::settings::{HttpSettings, SemconvMode};
use crate::code::CodeLocation;
use crate::recorder::{CurrentTracer, Moment, Timestamp, Tracer};
use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue, global};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

/// One request's SERVER span. Dropped without [`end`](Self::end), the request counts as failed: by a panic when the
/// thread is panicking, else as cancelled. So no way out of a handler leaves a span open or unmarked.
///
/// ```
/// use std::sync::LazyLock;
/// use opentelemetry::InstrumentationScope;
/// use otel_core::http::{HttpVersion, RequestFacts, ResponseFacts, ServerSpan, settings::HttpSettings};
///
/// let facts = RequestFacts {
///     method: "GET",
///     path: "/users/42",
///     query: None,
///     scheme: "http",
///     authority: Some(b"localhost:8080"),
///     peer: None,
///     local: None,
///     version: HttpVersion::Http11,
///     headers: &(),
/// };
/// static SCOPE: LazyLock<InstrumentationScope> =
///     LazyLock::new(|| InstrumentationScope::builder("my-framework").build());
/// let mut span = ServerSpan::start(&SCOPE, &facts, HttpSettings::current());
/// let answer = {
///     let _current = span.context().clone().attach();
///     // … handle the request; children of this span are started here …
///     ResponseFacts { route: Some("/users/{id}".into()), ..ResponseFacts::with_status(200) }
/// };
/// span.respond(answer);
/// span.end();
/// ```
#[derive(Debug)]
pub struct ServerSpan {
    /// `None` once the request ended. In a box: a span moves with futures and bodies, from one layer to the next.
    open: Option<Place<Open>>,
}

thread_local! {
    static VACANT: Vacant<Open> = const { RefCell::new(Vec::new()) };
}

/// A request that has not ended.
#[derive(Debug)]
struct Open {
    context: Context,
    kept: Kept,
    /// The `{method}` of the span name.
    method: &'static str,
    settings: &'static HttpSettings,
    started: Moment,
    /// `None` where metrics go nowhere.
    metrics: Option<RequestMetrics>,
    scope: &'static InstrumentationScope,
    /// Sizes of the bodies in bytes, where they are wanted and known.
    request_body: Option<u64>,
    response_body: Option<u64>,
    status: Option<u16>,
    route: Option<Arc<str>>,
    /// Attributes that the application adds to the metrics.
    labels: Vec<KeyValue>,
    /// Message of the error that was answered with.
    message: Option<String>,
}

/// Who keeps what is recorded of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// Nobody: the request is not sampled.
    Nowhere,
    /// Our recorder, as facts.
    Recorder,
    /// Whatever provider is installed, as attributes, through the API.
    Provider,
}

impl ServerSpan {
    /// Starts the span with what the request head tells, as a child of the caller's that its headers name.
    ///
    /// `scope` names the instrumentation library; it is the same for all requests of a thread. The provider is looked up
    /// now: one that is installed after the application was built is used from its installation on, one that replaces
    /// the recorder after a second at the latest.
    #[must_use]
    pub fn start(
        scope: &'static InstrumentationScope,
        facts: &RequestFacts<'_>,
        settings: &'static HttpSettings,
    ) -> Self {
        thread_local! {
            static TRACER: RefCell<CurrentTracer> = const { RefCell::new(CurrentTracer::unknown()) };
        }
        crate::logs::at_first_request();
        let started = Moment::now();
        let noted = Noted::of(facts.headers);
        let parent = Parent::of(noted, facts.headers, started);
        let method = RequestMethod::classify(facts.method, settings);
        let name = method.in_span_name();
        // Refused while the thread ends, or when a provider that is being asked serves a request itself.
        let recorder = TRACER.try_with(|tracer| tracer.try_borrow_mut().ok()?.get(|| scope.clone(), started).cloned());
        let recorder = recorder.ok().flatten();
        let early = recorder.as_ref().and_then(|tracer| start_recorded(tracer, &parent, name, started));
        let (context, kept) = match early {
            Some(Early::Dropped(span)) => (parent.into_base().with_remote_span_context(span), Kept::Nowhere),
            Some(Early::Recorded(record)) => {
                let request = RecordedRequest::new(facts, noted, settings);
                let span = RecordedSpan::new(record, ServerRecord::new(request, settings));
                (parent.into_base().with_span(span), Kept::Recorder)
            }
            None => {
                let mut known: Vec<KeyValue> = Vec::with_capacity(32);
                attributes::of_request(facts, &Seen::new(facts, settings), method, settings, &mut known);
                let builder = SpanBuilder::from_name(name)
                    .with_kind(SpanKind::Server)
                    .with_start_time(started.timestamp())
                    .with_attributes(known);
                // Not the one that was read in place: the propagator keeps more than what a provider would pass on.
                let parent = extracted(facts.headers);
                let span = global::tracer_with_scope(scope.clone()).build_with_context(builder, &parent);
                (parent.with_span(span), Kept::Provider)
            }
        };
        let open = Open {
            context,
            kept,
            method: name,
            settings,
            started,
            metrics: Instruments::current(scope, started)
                .map(|instruments| RequestMetrics::start(instruments, facts, method, settings)),
            scope,
            request_body: if settings.body_sizes { noted.body_size(facts.headers) } else { None },
            response_body: None,
            status: None,
            route: None,
            labels: Vec::new(),
            message: None,
        };
        Self { open: Some(place::filled(&VACANT, open)) }
    }

    /// The value of a `traceresponse` header, when the operator wants one: it tells the client in which trace, and as
    /// which span, its request was handled.
    ///
    /// Source: [W3C trace context](https://w3c.github.io/trace-context/#traceresponse-header).
    #[must_use]
    pub fn trace_response(&self) -> Option<String> {
        let open = self.open()?;
        if !open.settings.trace_response_header {
            return None;
        }
        let span = open.context.span();
        let context = span.span_context();
        context
            .is_valid()
            .then(|| format!("00-{}-{}-{:02x}", context.trace_id(), context.span_id(), context.trace_flags()))
    }

    /// The context to make current while the request is handled, on each poll.
    #[must_use]
    pub fn context(&self) -> &Context {
        static ENDED: LazyLock<Context> = LazyLock::new(Context::new);
        self.open().map_or_else(|| &*ENDED, |open| &open.context)
    }

    /// Whether anybody will see the route: of a request that is not sampled nobody does, where metrics go nowhere.
    #[must_use]
    pub fn wants_route(&self) -> bool {
        self.open().is_some_and(|open| open.kept != Kept::Nowhere || open.metrics.is_some())
    }

    /// Records the response head: route, status code and error. The span stays open until the body ended.
    pub fn respond(&mut self, facts: ResponseFacts<'_>) {
        if let Some(open) = self.open_mut() {
            open.respond(facts);
        }
    }

    /// Tells how many bytes of the response body were sent. Recorded where body sizes are wanted.
    pub fn set_response_body_size(&mut self, bytes: u64) {
        if let Some(open) = self.open_mut() {
            open.response_body = open.settings.body_sizes.then_some(bytes);
        }
    }

    /// Ends the span now. Without a response before, the request counts as cancelled.
    pub fn end(mut self) {
        let is_answered = self.open().is_some_and(|open| open.status.is_some());
        self.close((!is_answered).then_some(&Failure::Cancelled));
    }

    /// Ends the span now, as failed. A status code that was sent stays recorded.
    pub fn fail(mut self, failure: &Failure) {
        self.close(Some(failure));
    }

    fn open(&self) -> Option<&Open> {
        self.open.as_deref()?.as_ref()
    }

    fn open_mut(&mut self) -> Option<&mut Open> {
        self.open.as_deref_mut()?.as_mut()
    }

    fn close(&mut self, failure: Option<&Failure>) {
        let Some(mut place) = self.open.take() else { return };
        if let Some(open) = &mut *place {
            open.finish(failure);
        }
        place::vacate(&VACANT, place);
    }
}

impl Open {
    fn respond(&mut self, facts: ResponseFacts<'_>) {
        self.status = Some(facts.status);
        self.route = facts.route;
        self.labels = facts.labels;
        self.message = facts.error;
        if self.kept == Kept::Nowhere {
            return;
        }
        let span = self.context.span();
        let mut headers: Vec<KeyValue> = Vec::new();
        self.settings.headers.of_response(facts.headers, &mut headers);
        if self.kept == Kept::Recorder {
            let answer = Answer { status: facts.status, route: self.route.clone(), headers };
            recorded::answer(&span, answer);
        } else if span.is_recording() {
            if let Some(route) = &self.route {
                // Low cardinality by rule: `{method} {route}`, or the method alone; never the path.
                span.update_name(format!("{} {route}", self.method));
            }
            let mut known: Vec<KeyValue> = Vec::with_capacity(4);
            attributes::of_response(facts.status, self.route.as_ref(), self.settings, &mut known);
            span.set_attributes(known.into_iter().chain(headers));
        }
    }

    /// Whether the request failed is decided here, at the end: a body can still fail after its head said all was well.
    fn finish(&mut self, failure: Option<&Failure>) {
        let duration = self.started.elapsed();
        let end = self.started.after(duration);
        let error_type = ErrorType::of(self.status, failure);
        if let (Some(_), Some(message)) = (&error_type, &self.message) {
            let span = self.context.span();
            exception::log(self.scope, span.span_context(), end.into(), message, self.settings);
        }
        self.end_span(error_type, end);
        let Some(metrics) = self.metrics.take() else { return };
        let outcome = Outcome {
            duration,
            status: self.status,
            route: self.route.as_ref(),
            error_type,
            labels: &self.labels,
            request_body: self.request_body,
            response_body: self.response_body,
        };
        metrics.record(&outcome, &self.context);
    }

    fn end_span(&mut self, error_type: Option<ErrorType>, end: Timestamp) {
        let span = self.context.span();
        let message = error_type.and_then(|_| self.message.take());
        match self.kept {
            Kept::Nowhere => {}
            Kept::Recorder => {
                let (request_body, response_body) = (self.request_body, self.response_body);
                recorded::end(&span, Ending { error_type, message, request_body, response_body }, end);
            }
            Kept::Provider => {
                if span.is_recording() {
                    self.record_body_sizes();
                    if let Some(error_type) = error_type {
                        self.record_error(error_type, message, end);
                    }
                }
                span.end_with_timestamp(end.into());
            }
        }
    }

    fn record_body_sizes(&self) {
        let sizes = [("http.request.body.size", self.request_body), ("http.response.body.size", self.response_body)];
        for (key, bytes) in sizes {
            if let Some(bytes) = bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
                self.context.span().set_attribute(KeyValue::new(key, bytes));
            }
        }
    }

    fn record_error(&self, error_type: ErrorType, message: Option<String>, at: Timestamp) {
        let span = self.context.span();
        // The older conventions had no name for it.
        if self.settings.semconv != SemconvMode::Old {
            span.set_attribute(KeyValue::new("error.type", error_type.text()));
        }
        if let Some(message) = &message
            && let Some(event) = exception::event(at.into(), message, self.settings)
        {
            span.add_event_with_timestamp(event.name, event.timestamp, event.attributes);
        }
        span.set_status(Status::Error { description: message.map_or(Cow::Borrowed(""), Cow::Owned) });
    }
}

impl Drop for ServerSpan {
    fn drop(&mut self) {
        self.close(Some(if std::thread::panicking() { &Failure::Panic } else { &Failure::Cancelled }));
    }
}

/// What the recorder's sampler decided.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "lives for a moment")]
enum Early {
    Dropped(opentelemetry::trace::SpanContext),
    Recorded(crate::recorder::SpanRecord),
}

/// Starts the span in the recorder, before anything is built for it. `None` if its sampler has to see attributes.
fn start_recorded(tracer: &Tracer, parent: &Parent, name: &'static str, now: Moment) -> Option<Early> {
    let parent = parent.span_context();
    let (context, is_sampled) = tracer.sampled_context(parent.as_ref(), now)?;
    Some(if is_sampled {
        let mut record = tracer.record(context, parent.as_ref(), now);
        record.kind = SpanKind::Server;
        record.name = Cow::Borrowed(name);
        Early::Recorded(record)
    } else {
        Early::Dropped(context)
    })
}

/// Names the function that handles a request on the request's SERVER span, which `context` holds.
pub fn set_code(context: &Context, location: &CodeLocation) {
    let span = context.span();
    if span.is_recording() {
        span.set_attributes(location.attributes());
    }
}
