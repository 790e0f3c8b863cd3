//! A single handler, in an app that may or may not be instrumented.

use crate::HttpTelemetry;
use crate::body::{TracedBody, Wrapped};
use crate::request_span::{self, RequestContext};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, Responder};
use opentelemetry::Context as OtelContext;
use opentelemetry::trace::FutureExt as _;
use otel_core::code::CodeLocation;
use otel_core::http::{ResponseFacts, ServerSpan, set_code};
use std::future::{Future, Ready, ready};

/// The layer for the resource of one handler. Around the resource, so that a request whose extractors fail is seen too.
#[must_use]
pub fn route(code: CodeLocation) -> HttpTelemetry<Wrapped> {
    HttpTelemetry::of_handler(code)
}

/// Extractor that gives a handler its request. What else the handler extracts has succeeded once it runs.
#[derive(Debug)]
pub struct Handler {
    request: HttpRequest,
}

impl FromRequest for Handler {
    type Error = Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self { request: request.clone() }))
    }
}

impl Handler {
    /// The context that holds the request's SERVER span, when an instrumented app started one.
    #[must_use]
    pub fn request_context(&self) -> Option<OtelContext> {
        self.request.extensions().get::<RequestContext>().map(|RequestContext(context)| context.clone())
    }

    /// Runs the handler's body within the request's SERVER span: the app's when there is one, else one of its own.
    pub async fn run<F: Future>(self, code: CodeLocation, body: F) -> Responded<F::Output> {
        if let Some(context) = self.request_context() {
            set_code(&context, &code);
            drop(self);
            return Responded { inner: body.await, span: None };
        }
        let span = request_span::start(self.request.head(), self.request.app_config());
        span.set_code(&code);
        self.request.extensions_mut().insert(RequestContext(span.context().clone()));
        drop(self);
        let inner = body.with_context(span.context().clone()).await;
        Responded { inner, span: Some(span) }
    }
}

/// What a handler returned, and the span that its response ends.
#[derive(Debug)]
#[must_use]
pub struct Responded<R> {
    inner: R,
    span: Option<ServerSpan>,
}

impl<R: Responder> Responder for Responded<R> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse<Self::Body> {
        let Some(mut span) = self.span else { return self.inner.respond_to(request).map_into_boxed_body() };
        let response = {
            let _current = span.context().clone().attach();
            self.inner.respond_to(request)
        };
        span.respond(ResponseFacts {
            status: response.status().as_u16(),
            route: crate::route::matched(request),
            error: response.error().map(ToString::to_string),
        });
        let head_only = request.method() == Method::HEAD;
        response.map_body(|_, body| TracedBody::new(body, span, head_only).boxed())
    }
}
