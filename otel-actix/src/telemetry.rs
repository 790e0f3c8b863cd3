//! What is done for one request: its span from head to head, or the silence of an excluded one.

use crate::body::TracedBody;
use crate::headers::Headers;
use crate::hooks::Hooks;
use crate::{facts, route};
use actix_http::ResponseHead;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, RequestHead, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpMessage};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, ContextGuard, InstrumentationScope, KeyValue};
use otel_core::code::CodeLocation;
use otel_core::http::settings::HttpSettings;
use otel_core::http::{ResponseFacts, ServerSpan, excluded_context};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// This library, as the source of its telemetry.
static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(|| {
    InstrumentationScope::builder(env!("CARGO_PKG_NAME")).with_version(env!("CARGO_PKG_VERSION")).build()
});

const TRACE_RESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// Kept in a request's extensions. Found there, no second span is started.
#[derive(Clone, Debug)]
pub(crate) struct RequestState(Rc<State>);

#[derive(Debug)]
struct State {
    /// Holds the request's SERVER span.
    context: Context,
    /// What the application adds to the request's metrics.
    labels: RefCell<Vec<KeyValue>>,
}

impl RequestState {
    /// The state of a request that has one. The request itself must not be kept: actix-web's router wants it for itself.
    pub(crate) fn of(request: &impl HttpMessage) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    pub(crate) fn context(&self) -> &Context {
        &self.0.context
    }

    /// Adds a label, or replaces the one of the same name.
    pub(crate) fn add_label(&self, label: KeyValue) {
        let mut labels = self.0.labels.borrow_mut();
        labels.retain(|other| other.key != label.key);
        labels.push(label);
    }

    fn labels(&self) -> Vec<KeyValue> {
        self.0.labels.borrow().clone()
    }
}

/// The telemetry of a request that is being handled. Dropped before the request was answered, its span ends as
/// cancelled, or as panicked.
pub struct RequestTelemetry {
    state: RequestState,
    /// `None`: the request is excluded.
    span: Option<ServerSpan>,
    /// Whether no body is sent, whatever the response holds: the request is a HEAD request, or the status says so.
    pub(crate) without_body: bool,
    hooks: Option<Arc<Hooks>>,
}

impl RequestTelemetry {
    /// Starts the telemetry of a request, and marks the request. `route` guesses the route before routing.
    pub(crate) fn start<M: HttpMessage>(
        request: &M,
        head: &RequestHead,
        config: &AppConfig,
        route: impl FnOnce() -> Option<String>,
        settings: &'static HttpSettings,
        hooks: Option<Arc<Hooks>>,
    ) -> Self {
        let headers = Headers(&head.headers);
        let parent = headers.parent_context();
        let without_body = head.method == Method::HEAD;
        let excluded = settings.excludes(head.uri.path(), route);
        let span = (!excluded)
            .then(|| ServerSpan::start(&SCOPE, &facts::of_request(head, &headers, config), &parent, settings));
        let context = span.as_ref().map_or_else(|| excluded_context(&parent), |span| span.context().clone());
        let state = RequestState(Rc::new(State { context, labels: RefCell::default() }));
        request.extensions_mut().insert(state.clone());
        let this = Self { state, span, without_body, hooks: hooks.filter(|_| !excluded) };
        if let Some(hooks) = &this.hooks {
            hooks.on_request(&this.context().span(), head);
        }
        this
    }

    /// Makes the request's context current.
    pub(crate) fn enter(&self) -> ContextGuard {
        self.context().clone().attach()
    }

    pub(crate) fn context(&self) -> &Context {
        self.state.context()
    }

    /// Names the function that handles the request.
    pub(crate) fn set_code(&self, location: &CodeLocation) {
        otel_core::http::set_code(self.context(), location);
    }

    /// Records a response that has its request with it.
    pub(crate) fn respond<B: MessageBody>(&mut self, response: &mut ServiceResponse<B>) {
        let route = self.span.as_ref().and_then(|_| route::matched(response));
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
    pub(crate) fn fail(self, error: &mut Error) {
        let unanswered = Unanswered {
            status: error.as_response_error().status_code(),
            error: error.to_string(),
            telemetry: RefCell::new(Some(self)),
        };
        error.add_response_mapper(move |mut response| {
            // Mappers may run more than once; the first response is the one that counts.
            let Some(mut telemetry) = unanswered.telemetry.take() else { return response };
            let message = response.status().is_server_error().then(|| unanswered.error.clone());
            telemetry.record(response.head_mut(), None, message);
            response.map_body(|_, body| TracedBody::new(body, telemetry).boxed())
        });
    }

    fn record(&mut self, head: &mut ResponseHead, route: Option<Arc<str>>, error: Option<String>) {
        // https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5; actix-http drops such a body on HTTP/2.
        self.without_body |= head.status == StatusCode::NO_CONTENT;
        let Some(span) = &mut self.span else { return };
        span.respond(ResponseFacts {
            status: head.status.as_u16(),
            route,
            error,
            headers: &Headers(&head.headers),
            labels: self.state.labels(),
        });
        if let Some(hooks) = &self.hooks {
            hooks.on_response(&self.state.context().span(), head);
        }
        if let Some(value) = span.trace_response()
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            head.headers.insert(TRACE_RESPONSE, value);
        }
    }

    /// What remains: the span of the body, and the context it is sent in.
    pub(crate) fn into_body(self) -> (Context, Option<ServerSpan>) {
        (self.state.0.context.clone(), self.span)
    }
}

/// An error on its way to actix-web. Dropped before it became a response (a server that stops, a test that only looks at
/// the error), it counts as answered with the status that it names.
struct Unanswered {
    status: StatusCode,
    error: String,
    telemetry: RefCell<Option<RequestTelemetry>>,
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(RequestTelemetry { span: Some(mut span), state, .. }) = self.telemetry.take() {
            span.respond(ResponseFacts {
                error: self.status.is_server_error().then(|| std::mem::take(&mut self.error)),
                labels: state.labels(),
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
