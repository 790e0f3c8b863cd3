//! What is done for one request: its span from head to head, or the silence of an excluded one.

use crate::body::TracedBody;
use crate::headers::Headers;
use crate::hooks::Hooks;
use crate::registry::{Registered, Running};
use crate::{facts, route};
use actix_http::ResponseHead;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, RequestHead, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use otel_core::code::CodeLocation;
use otel_core::http::ResponseFacts;
use otel_core::http::settings::HttpSettings;
use otel_core::opentelemetry::trace::TraceContextExt as _;
use otel_core::opentelemetry::{Context, ContextGuard, InstrumentationScope, KeyValue};
use otel_core::resource::{DISTRO_NAME, DISTRO_VERSION};
use otel_core::server::{ServerSpan, excluded_context, passing_context};
use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::sync::{Arc, LazyLock};

/// This library, as the source of its telemetry.
static SCOPE: LazyLock<InstrumentationScope> =
    LazyLock::new(|| InstrumentationScope::builder(DISTRO_NAME).with_version(DISTRO_VERSION).build());

const TRACE_RESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// The telemetry of a request that is being handled. Dropped before the request was answered, its span ends as
/// cancelled, or as panicked.
pub struct RequestTelemetry {
    /// Until the request is answered. Dropped before the span.
    registered: Registered,
    /// That of an excluded request is silent.
    span: ServerSpan,
    hooks: Option<Arc<Hooks>>,
}

impl RequestTelemetry {
    /// Starts the telemetry of a request, and registers it. `route` guesses the route before routing. `None` where
    /// telemetry is off, and the caller told nothing that would have to go on.
    pub(crate) fn start(
        head: &RequestHead,
        config: &AppConfig,
        route: impl FnOnce() -> Option<String>,
        settings: &'static HttpSettings,
        hooks: Option<&Arc<Hooks>>,
    ) -> Option<Self> {
        let headers = Headers(&head.headers);
        if otel_core::startup::is_disabled() {
            return passing_context(&headers).map(|context| Self::silent(Registered::NOT, context));
        }
        if Context::is_current_telemetry_suppressed() {
            drop(Registered::not(head));
            return None;
        }
        if settings.excludes(head.uri.path(), route) {
            // Below an excluded request the context says all there is to know.
            return Some(Self::silent(Registered::not(head), excluded_context(&headers)));
        }
        let span = ServerSpan::start(&SCOPE, &facts::of_request(head, &headers, config), settings);
        let registered = Registered::new(head, span.context());
        let this = Self { registered, span, hooks: hooks.map(Arc::clone) };
        if let Some(hooks) = &this.hooks {
            hooks.on_request(&this.context().span(), head);
        }
        Some(this)
    }

    fn silent(registered: Registered, context: Context) -> Self {
        Self { registered, span: ServerSpan::silent(context), hooks: None }
    }

    /// Makes the request's context current.
    #[inline]
    pub(crate) fn enter(&self) -> (ContextGuard, Running) {
        (self.context().clone().attach(), self.registered.run())
    }

    pub(crate) fn context(&self) -> &Context {
        self.span.context()
    }

    /// Names the function that handles the request.
    pub(crate) fn set_code(&self, location: &CodeLocation) {
        otel_core::server::set_code(self.context(), location);
    }

    /// Records a response that has its request with it.
    #[inline]
    pub(crate) fn respond<B: MessageBody>(&mut self, response: &mut ServiceResponse<B>) {
        if self.span.is_silent() {
            return;
        }
        let route = if self.span.wants_route() { route::matched(response) } else { None };
        let error = message_of(response.status(), response.response().error());
        self.record(response.response_mut().head_mut(), route, error);
    }

    /// Records a response of which only the head is known.
    pub(crate) fn respond_with_head(&mut self, head: &mut ResponseHead) {
        self.record(head, None, None);
    }

    /// Records an error that no middleware turned into a response, once actix-web does: what is sent then is seen by a
    /// response mapper. Asking the error itself beforehand would be wrong: its `status_code()` need not be that of its
    /// response, and `error_response()` may give its response away only once.
    pub(crate) fn fail(mut self, error: &mut Error) {
        if self.span.is_silent() {
            return;
        }
        // The request is gone before its error becomes a response.
        let labels = self.registered.end();
        let unanswered = Unanswered {
            status: error.as_response_error().status_code(),
            error: text_of(error),
            labels: RefCell::new(labels),
            telemetry: RefCell::new(Some(self)),
        };
        error.add_response_mapper(move |mut response| {
            // Mappers may run more than once; the first response is the one that counts.
            let Some(mut telemetry) = unanswered.telemetry.take() else { return response };
            let message = response.status().is_server_error().then(|| unanswered.error.clone());
            let labels = unanswered.labels.take();
            telemetry.record_labelled(response.head_mut(), None, message, labels.as_deref());
            response.map_body(|_, body| TracedBody::new(body, telemetry).boxed())
        });
    }

    #[inline]
    fn record(&mut self, head: &mut ResponseHead, route: Option<Arc<str>>, error: Option<String>) {
        let labels = self.registered.end();
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

    /// What remains: the span, which lasts as long as the body.
    pub(crate) fn into_span(self) -> ServerSpan {
        self.span
    }
}

/// An error on its way to actix-web. Dropped before it became a response (a server that stops, a test that only looks at
/// the error), it counts as answered with the status that it names.
struct Unanswered {
    status: StatusCode,
    error: String,
    labels: RefCell<Option<Vec<KeyValue>>>,
    telemetry: RefCell<Option<RequestTelemetry>>,
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(RequestTelemetry { mut span, .. }) = self.telemetry.take() {
            span.respond(ResponseFacts {
                error: self.status.is_server_error().then(|| std::mem::take(&mut self.error)),
                labels: self.labels.take().as_deref().unwrap_or_default(),
                ..ResponseFacts::with_status(self.status.as_u16())
            });
            span.end();
        }
    }
}

/// The message of an error is worth telling where the error is the server's own.
fn message_of(status: StatusCode, error: Option<&Error>) -> Option<String> {
    error.filter(|_| status.is_server_error()).map(text_of)
}

/// What an error says of itself: nothing, or a part, where it fails to. That is not the request's failure, and to make a
/// `String` of it would be a panic.
fn text_of(error: &Error) -> String {
    let mut text = String::new();
    let _ = write!(text, "{error}");
    text
}

impl fmt::Debug for RequestTelemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestTelemetry").field("span", &self.span).finish_non_exhaustive()
    }
}
