//! What is done for one request: its span from head to head, or the silence of an excluded one.

use crate::body::TracedBody;
use crate::headers::Headers;
use crate::hooks::Hooks;
use crate::registry::Registered;
use crate::{facts, route};
use actix_http::ResponseHead;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, RequestHead, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, ContextGuard, InstrumentationScope, KeyValue};
use otel_core::code::CodeLocation;
use otel_core::http::settings::HttpSettings;
use otel_core::http::{ResponseFacts, ServerSpan, excluded_context, passing_context};
use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, LazyLock};

/// This library, as the source of its telemetry.
static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(|| {
    InstrumentationScope::builder(env!("CARGO_PKG_NAME")).with_version(env!("CARGO_PKG_VERSION")).build()
});

const TRACE_RESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// The telemetry of a request that is being handled. Dropped before the request was answered, its span ends as
/// cancelled, or as panicked.
pub struct RequestTelemetry {
    span: Traced,
    /// Until the request is answered. Dropped before the span.
    registered: Option<Registered>,
    /// Whether no body is sent, whatever the response holds: the request is a HEAD request, or the status says so.
    pub(crate) without_body: bool,
    hooks: Option<Arc<Hooks>>,
}

/// What is made of a request.
#[derive(Debug)]
enum Traced {
    /// A span.
    Span(ServerSpan),
    /// Nothing, neither here nor below; its context says so.
    Excluded(Context),
}

impl RequestTelemetry {
    /// Starts the telemetry of a request, and registers it. `route` guesses the route before routing. `None` where
    /// telemetry is off, and the caller told nothing that would have to go on.
    pub(crate) fn start(
        head: &RequestHead,
        config: &AppConfig,
        route: impl FnOnce() -> Option<String>,
        settings: &'static HttpSettings,
        hooks: Option<Arc<Hooks>>,
    ) -> Option<Self> {
        let headers = Headers(&head.headers);
        let without_body = head.method == Method::HEAD;
        if otel_core::startup::is_disabled() {
            let span = Traced::Excluded(passing_context(&headers)?);
            return Some(Self { span, registered: None, without_body, hooks: None });
        }
        if Context::is_current_telemetry_suppressed() {
            return None;
        }
        let span = if settings.excludes(head.uri.path(), route) {
            Traced::Excluded(excluded_context(&headers))
        } else {
            Traced::Span(ServerSpan::start(&SCOPE, &facts::of_request(head, &headers, config), settings))
        };
        // Below an excluded request the context says all there is to know.
        let registered = match &span {
            Traced::Span(span) => Some(Registered::new(head, span.context().clone())),
            Traced::Excluded(_) => None,
        };
        let hooks = hooks.filter(|_| matches!(span, Traced::Span(_)));
        let this = Self { span, registered, without_body, hooks };
        if let Some(hooks) = &this.hooks {
            hooks.on_request(&this.context().span(), head);
        }
        Some(this)
    }

    /// Makes the request's context current.
    pub(crate) fn enter(&self) -> ContextGuard {
        self.context().clone().attach()
    }

    pub(crate) fn context(&self) -> &Context {
        self.span.context()
    }

    /// Names the function that handles the request.
    pub(crate) fn set_code(&self, location: &CodeLocation) {
        otel_core::http::set_code(self.context(), location);
    }

    /// Records a response that has its request with it.
    pub(crate) fn respond<B: MessageBody>(&mut self, response: &mut ServiceResponse<B>) {
        let Traced::Span(span) = &self.span else {
            return self.record(response.response_mut().head_mut(), None, None);
        };
        let route = if span.wants_route() { route::matched(response) } else { None };
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
        if let Traced::Excluded(_) = self.span {
            return;
        }
        // The request is gone before its error becomes a response.
        let labels = self.forget();
        let unanswered = Unanswered {
            status: error.as_response_error().status_code(),
            error: error.to_string(),
            labels: RefCell::new(labels),
            telemetry: RefCell::new(Some(self)),
        };
        error.add_response_mapper(move |mut response| {
            // Mappers may run more than once; the first response is the one that counts.
            let Some(mut telemetry) = unanswered.telemetry.take() else { return response };
            let message = response.status().is_server_error().then(|| unanswered.error.clone());
            telemetry.record_labelled(response.head_mut(), None, message, unanswered.labels.take());
            response.map_body(|_, body| TracedBody::new(body, telemetry).boxed())
        });
    }

    fn record(&mut self, head: &mut ResponseHead, route: Option<Arc<str>>, error: Option<String>) {
        let labels = self.forget();
        self.record_labelled(head, route, error, labels);
    }

    /// The request is answered: takes what the application added to its metrics.
    fn forget(&mut self) -> Vec<KeyValue> {
        self.registered.take().map(Registered::end).unwrap_or_default()
    }

    fn record_labelled(
        &mut self,
        head: &mut ResponseHead,
        route: Option<Arc<str>>,
        error: Option<String>,
        labels: Vec<KeyValue>,
    ) {
        // https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5; actix-http drops such a body on HTTP/2.
        self.without_body |= head.status == StatusCode::NO_CONTENT;
        let Traced::Span(span) = &mut self.span else { return };
        span.respond(ResponseFacts {
            status: head.status.as_u16(),
            route,
            error,
            headers: &Headers(&head.headers),
            labels,
        });
        if let Some(hooks) = &self.hooks {
            hooks.on_response(&span.context().span(), head);
        }
        if let Some(value) = span.trace_response()
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            head.headers.insert(TRACE_RESPONSE, value);
        }
    }

    /// What remains: the span, which lasts as long as the body; or the context of a body that leaves nothing.
    pub(crate) fn into_body(self) -> (Option<ServerSpan>, Option<Context>) {
        match self.span {
            Traced::Span(span) => (Some(span), None),
            Traced::Excluded(context) => (None, Some(context)),
        }
    }
}

impl Traced {
    fn context(&self) -> &Context {
        match self {
            Self::Span(span) => span.context(),
            Self::Excluded(context) => context,
        }
    }
}

/// An error on its way to actix-web. Dropped before it became a response (a server that stops, a test that only looks at
/// the error), it counts as answered with the status that it names.
struct Unanswered {
    status: StatusCode,
    error: String,
    labels: RefCell<Vec<KeyValue>>,
    telemetry: RefCell<Option<RequestTelemetry>>,
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(RequestTelemetry { span: Traced::Span(mut span), .. }) = self.telemetry.take() {
            span.respond(ResponseFacts {
                error: self.status.is_server_error().then(|| std::mem::take(&mut self.error)),
                labels: self.labels.take(),
                ..ResponseFacts::with_status(self.status.as_u16())
            });
            span.end();
        }
    }
}

/// The message of an error is worth telling where the error is the server's own.
fn message_of(status: StatusCode, error: Option<&Error>) -> Option<String> {
    error.filter(|_| status.is_server_error()).map(ToString::to_string)
}

impl fmt::Debug for RequestTelemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestTelemetry").field("span", &self.span).finish_non_exhaustive()
    }
}
