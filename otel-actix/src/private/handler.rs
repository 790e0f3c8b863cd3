//! A single handler, in an app with or without instrumentation.

use crate::active_requests::RequestKey;
use crate::body::{TracedBody, Wrapped};
use crate::telemetry::RequestTelemetry;
use crate::traced_future::TracedFuture;
use crate::{Hooks, HttpTelemetry};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceResponse};
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, Responder};
use otel_core::code::CodeLocation;
use otel_core::http::settings::HttpSettings;
use otel_core::opentelemetry::Context as OtelContext;
use otel_core::server::set_code;
use std::fmt;
use std::future::{Future, Ready, ready};

/// The layer for the resource of one handler. It is around the resource, so it also records requests whose extractors
/// fail.
#[must_use]
pub fn route(code: CodeLocation) -> HttpTelemetry<Wrapped> {
    HttpTelemetry::of_handler(code)
}

/// Extractor that gives a handler its request. When the handler runs, its other extractors have succeeded.
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
    /// The context with the request's SERVER span, if an instrumented app started one.
    #[must_use]
    pub fn request_context(&self) -> Option<OtelContext> {
        RequestKey::of(self.request.head())?.context()
    }

    /// Runs the handler's body within the request's SERVER span, or within a new one if the app has none.
    pub async fn run<F: Future>(self, code: CodeLocation, body: F) -> Responded<F::Output> {
        if let Some(context) = self.request_context() {
            set_code(&context, &code);
            drop(self);
            return Responded { inner: body.await, telemetry: None };
        }
        let telemetry = RequestTelemetry::start(
            self.request.head(),
            self.request.app_config(),
            || self.request.match_pattern(),
            HttpSettings::current(),
            Hooks::installed(),
        );
        drop(self);
        if let Some(telemetry) = &telemetry {
            telemetry.set_code(&code);
        }
        let (inner, telemetry) = TracedFuture::start(telemetry, || body).await;
        Responded { inner, telemetry }
    }
}

/// The value that a handler returned, and the span that its response ends.
#[must_use]
pub struct Responded<R> {
    inner: R,
    telemetry: Option<RequestTelemetry>,
}

impl<R: Responder> Responder for Responded<R> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse<Self::Body> {
        let Some(mut telemetry) = self.telemetry else {
            return self.inner.respond_to(request).map_into_boxed_body();
        };
        let response = {
            let _current = telemetry.enter();
            self.inner.respond_to(request)
        };
        // The response needs its request for a moment, because the request has the route.
        let mut response = ServiceResponse::new(request.clone(), response);
        telemetry.respond(&mut response, None);
        let (_, response) = response.into_parts();
        response.map_body(|_, body| TracedBody::new(body, telemetry.into_span()).boxed())
    }
}

impl<R> fmt::Debug for Responded<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Responded").finish_non_exhaustive()
    }
}
