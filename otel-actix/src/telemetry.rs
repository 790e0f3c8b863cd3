//! The telemetry of one request, from its head to the head of its response.

use crate::active_requests::{ActiveRequest, CurrentRequest};
use crate::body::TracedBody;
use crate::headers::Headers;
use crate::hooks::Hooks;
use crate::request_facts::request_facts;
use crate::route::{self, Resources};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, RequestHead, ResponseHead, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use otel_core::code::CodeLocation;
use otel_core::formatted::displayed;
use otel_core::http::ResponseFacts;
use otel_core::http::settings::HttpSettings;
use otel_core::opentelemetry::trace::TraceContextExt as _;
use otel_core::opentelemetry::{Context, ContextGuard, InstrumentationScope, KeyValue};
use otel_core::resource::{DISTRO_NAME, DISTRO_VERSION, SCHEMA_URL};
use otel_core::server::{ServerSpan, excluded_context, passing_context};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// The instrumentation scope of all telemetry of this crate.
static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(|| {
    InstrumentationScope::builder(DISTRO_NAME).with_version(DISTRO_VERSION).with_schema_url(SCHEMA_URL).build()
});

const TRACE_RESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// The telemetry of a request that has not been answered. If it is dropped before the response, the span ends as cancelled,
/// or with the panic that unwinds.
pub(crate) struct RequestTelemetry {
    /// In the table until the request is answered. Declared before the span, so that it is dropped first.
    active: ActiveRequest,
    /// Records nothing for an excluded request.
    span: ServerSpan,
    hooks: Option<Arc<Hooks>>,
}

impl RequestTelemetry {
    /// Starts the telemetry of a request and adds it to the active requests. `route` returns the likely route, before
    /// routing. Returns `None` if telemetry is off or suppressed and there is no trace context to forward.
    pub(crate) fn start(
        head: &RequestHead,
        config: &AppConfig,
        route: impl FnOnce() -> Option<String>,
        settings: &'static HttpSettings,
        hooks: Option<&Arc<Hooks>>,
    ) -> Option<Self> {
        let headers = Headers(&head.headers);
        if otel_core::startup::is_disabled() {
            return passing_context(&headers).map(|context| Self::silent(ActiveRequest::NONE, context));
        }
        if Context::is_current_telemetry_suppressed() {
            drop(ActiveRequest::untracked(head));
            return None;
        }
        if settings.excludes(head.uri.path(), route) {
            // Inner layers need no entry in the table: the context shows them that telemetry is suppressed.
            return Some(Self::silent(ActiveRequest::untracked(head), excluded_context(&headers)));
        }
        let span = ServerSpan::start(&SCOPE, &request_facts(head, &headers, config), settings);
        let active = ActiveRequest::new(head, span.context());
        let this = Self { active, span, hooks: hooks.map(Arc::clone) };
        if let Some(hooks) = &this.hooks {
            hooks.on_request(&this.context().span(), head);
        }
        Some(this)
    }

    fn silent(active: ActiveRequest, context: Context) -> Self {
        Self { active, span: ServerSpan::silent(context), hooks: None }
    }

    /// Makes the request's context current.
    #[inline]
    pub(crate) fn enter(&self) -> (ContextGuard, CurrentRequest) {
        (self.context().clone().attach(), self.active.make_current())
    }

    #[inline]
    pub(crate) fn context(&self) -> &Context {
        self.span.context()
    }

    /// Records the function that handles the request.
    pub(crate) fn set_code(&self, location: &CodeLocation) {
        otel_core::server::set_code(self.context(), location);
    }

    /// Records a response, and the route of its request: see [`route::of_response`].
    #[inline]
    pub(crate) fn respond<B: MessageBody>(&mut self, response: &mut ServiceResponse<B>, resources: Option<&Resources>) {
        if self.span.is_silent() {
            return;
        }
        let route = if self.span.wants_route() { route::of_response(response, resources) } else { None };
        let error = message_of(response.status(), response.response().error());
        self.record(response.response_mut().head_mut(), route, error);
    }

    /// Records a response without a route, because its request is gone.
    pub(crate) fn respond_with_head(&mut self, head: &mut ResponseHead) {
        self.record(head, None, None);
    }

    /// Records an error when actix-web turns it into a response: a response mapper then sees the response that is sent.
    /// The error does not show that response before: its `status_code()` may differ from that of its response, and
    /// `error_response()` may work only once.
    ///
    /// If a middleware made the error, the request may have a route all the same: see [`route::of_unrouted`].
    pub(crate) fn fail(mut self, error: &mut Error, resources: Option<Rc<Resources>>) {
        if self.span.is_silent() {
            return;
        }
        // The request is dropped before its error becomes a response.
        let labels = self.active.finish();
        let unanswered = Unanswered {
            status: error.as_response_error().status_code(),
            error: displayed(error),
            labels: RefCell::new(labels),
            resources,
            telemetry: RefCell::new(Some(self)),
        };
        error.add_response_mapper(move |mut response| {
            // Mappers may run more than once; only the first response is sent.
            let Some(mut telemetry) = unanswered.telemetry.take() else { return response };
            let message = response.status().is_server_error().then(|| unanswered.error.clone());
            let labels = unanswered.labels.take();
            let route = unanswered.route(response.status(), &telemetry.span);
            telemetry.record_labelled(response.head_mut(), route, message, labels.as_deref());
            response.map_body(|_, body| TracedBody::new(body, telemetry.span).boxed())
        });
    }

    #[inline]
    fn record(&mut self, head: &mut ResponseHead, route: Option<Arc<str>>, error: Option<String>) {
        let labels = self.active.finish();
        self.record_labelled(head, route, error, labels.as_deref());
    }

    #[inline]
    fn record_labelled(
        &mut self,
        head: &mut ResponseHead,
        route: Option<Arc<str>>,
        error: Option<String>,
        labels: Option<&[KeyValue]>,
    ) {
        self.span.respond(ResponseFacts {
            status: head.status.as_u16(),
            route,
            error,
            headers: &Headers(&head.headers),
            labels: labels.unwrap_or_default(),
        });
        if let Some(hooks) = &self.hooks {
            hooks.on_response(&self.span.context().span(), head);
        }
        if self.span.wants_trace_response() {
            let value = self.span.trace_response();
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                head.headers.insert(TRACE_RESPONSE, value);
            }
        }
    }

    /// Returns the span, which ends with the response body.
    #[inline]
    pub(crate) fn into_span(self) -> ServerSpan {
        self.span
    }
}

/// An error on its way to actix-web. If it is dropped before it becomes a response (the server stops, or a test only looks
/// at the error), the request counts as answered with the status of the error.
struct Unanswered {
    status: StatusCode,
    error: String,
    labels: RefCell<Option<Vec<KeyValue>>>,
    resources: Option<Rc<Resources>>,
    telemetry: RefCell<Option<RequestTelemetry>>,
}

impl Unanswered {
    fn route(&self, status: StatusCode, span: &ServerSpan) -> Option<Arc<str>> {
        route::of_unrouted(status, span.path(), self.resources.as_ref()?)
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(RequestTelemetry { mut span, .. }) = self.telemetry.take() {
            span.respond(ResponseFacts {
                route: self.route(self.status, &span),
                error: self.status.is_server_error().then(|| std::mem::take(&mut self.error)),
                labels: self.labels.take().as_deref().unwrap_or_default(),
                ..ResponseFacts::with_status(self.status.as_u16())
            });
            span.end();
        }
    }
}

/// Returns the message of an error of the server. Client errors are not recorded as errors of the span.
#[inline]
fn message_of(status: StatusCode, error: Option<&Error>) -> Option<String> {
    error.filter(|_| status.is_server_error()).map(displayed)
}

impl fmt::Debug for RequestTelemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestTelemetry").field("span", &self.span).finish_non_exhaustive()
    }
}
