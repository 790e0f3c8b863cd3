//! What is done for one request: its span from head to head, or the silence of an excluded one.

use crate::headers::Headers;
use crate::hooks::Hooks;
use crate::labeler::Labels;
use crate::{facts, route};
use actix_http::ResponseHead;
use actix_web::HttpMessage;
use actix_web::dev::{AppConfig, RequestHead, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, ContextGuard, InstrumentationScope};
use otel_core::code::CodeLocation;
use otel_core::http::settings::HttpSettings;
use otel_core::http::{ResponseFacts, ServerSpan, excluded_context};
use std::fmt;
use std::sync::{Arc, LazyLock};

/// This library, as the source of its telemetry.
static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(|| {
    InstrumentationScope::builder(env!("CARGO_PKG_NAME")).with_version(env!("CARGO_PKG_VERSION")).build()
});

const TRACE_RESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// Kept in a request's extensions: the context that holds its SERVER span. Found there, no second span is started.
#[derive(Clone, Debug)]
pub(crate) struct RequestContext(pub(crate) Context);

/// The telemetry of a request that is being handled. Dropped before the request was answered, its span ends as
/// cancelled, or as panicked.
pub struct RequestTelemetry {
    context: Context,
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
        let this = if settings.excludes(head.uri.path(), route) {
            Self { context: excluded_context(&parent), span: None, without_body, hooks: None }
        } else {
            let facts = facts::of_request(head, &headers, config);
            let span = ServerSpan::start(&SCOPE, &facts, &parent, settings);
            Self { context: span.context().clone(), span: Some(span), without_body, hooks }
        };
        request.extensions_mut().insert(RequestContext(this.context.clone()));
        if let Some(hooks) = &this.hooks {
            hooks.on_request(&this.context.span(), head);
        }
        this
    }

    /// Makes the request's context current.
    pub(crate) fn enter(&self) -> ContextGuard {
        self.context.clone().attach()
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Names the function that handles the request.
    pub(crate) fn set_code(&self, location: &CodeLocation) {
        otel_core::http::set_code(&self.context, location);
    }

    /// Records a response that has its request with it.
    pub(crate) fn respond<B>(&mut self, response: &mut ServiceResponse<B>) {
        let Some(span) = &mut self.span else { return };
        let labels = response.request().extensions_mut().remove::<Labels>();
        span.respond(ResponseFacts {
            status: response.status().as_u16(),
            route: route::matched(response.request()),
            error: response.response().error().map(ToString::to_string),
            headers: &Headers(response.headers()),
            labels: labels.map(Labels::into_inner).unwrap_or_default(),
        });
        self.finish_head(response.response_mut().head_mut());
    }

    /// Records a response of which only the head is known.
    pub(crate) fn respond_with_head(&mut self, head: &mut ResponseHead) {
        let Some(span) = &mut self.span else { return };
        let headers = Headers(&head.headers);
        span.respond(ResponseFacts { headers: &headers, ..ResponseFacts::with_status(head.status.as_u16()) });
        self.finish_head(head);
    }

    /// Records an error that no middleware turned into a response, and ends the span. actix-web answers with
    /// `error_response()` later; neither that response nor the request can be seen from here.
    pub(crate) fn fail(mut self, error: &mut actix_web::Error) {
        let Some(mut span) = self.span.take() else { return };
        let status = error.as_response_error().status_code();
        span.respond(ResponseFacts { error: Some(error.to_string()), ..ResponseFacts::with_status(status.as_u16()) });
        if let Some(hooks) = &self.hooks {
            hooks.on_response(&self.context.span(), error.error_response().head());
        }
        if let Some(value) = span.trace_response() {
            error.add_response_mapper(move |mut response| {
                insert_trace_response(response.headers_mut(), &value);
                response
            });
        }
        span.end();
    }

    /// What remains: the span of the body, and the context it is sent in.
    pub(crate) fn into_body(self) -> (Context, Option<ServerSpan>) {
        (self.context, self.span)
    }

    fn finish_head(&mut self, head: &mut ResponseHead) {
        // https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5; actix-http drops such a body on HTTP/2.
        self.without_body |= head.status == StatusCode::NO_CONTENT;
        let Some(span) = &self.span else { return };
        if let Some(hooks) = &self.hooks {
            hooks.on_response(&self.context.span(), head);
        }
        if let Some(value) = span.trace_response() {
            insert_trace_response(&mut head.headers, &value);
        }
    }
}

impl fmt::Debug for RequestTelemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestTelemetry").field("span", &self.span).finish_non_exhaustive()
    }
}

fn insert_trace_response(headers: &mut HeaderMap, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(TRACE_RESPONSE, value);
    }
}
