//! The service behind the layer: starts the span and hands the request on.

use super::future::ResponseFuture;
use crate::Hooks;
use crate::body::BodyWrapper;
use crate::handling::Handling;
use crate::registry::Known;
use crate::telemetry::RequestTelemetry;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use otel_core::code::CodeLocation;
use otel_core::http::settings::HttpSettings;
use otel_core::server::set_code;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Service of [`HttpTelemetry`](super::HttpTelemetry).
pub struct HttpTelemetryService<S, W> {
    service: S,
    code: Option<CodeLocation>,
    settings: Option<&'static HttpSettings>,
    hooks: Option<Arc<Hooks>>,
    wrapper: PhantomData<fn() -> W>,
}

impl<S, W> HttpTelemetryService<S, W> {
    pub(super) fn new(
        service: S,
        code: Option<CodeLocation>,
        settings: Option<&'static HttpSettings>,
        hooks: Option<Arc<Hooks>>,
    ) -> Self {
        Self { service, code, settings, hooks, wrapper: PhantomData }
    }
}

impl<S, W> fmt::Debug for HttpTelemetryService<S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTelemetryService").field("code", &self.code).finish_non_exhaustive()
    }
}

impl<S, B, W> Service<ServiceRequest> for HttpTelemetryService<S, W>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
    W: BodyWrapper<B>,
{
    type Response = ServiceResponse<W::Body>;
    type Error = Error;
    type Future = ResponseFuture<S::Future, W>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        // The layer of a handler is inside of whatever there is: its request may come to it on another task. To the others
        // it may be a new request that comes, in the place of one that a middleware dropped without an answer.
        let is_inside = |known: &Known| self.code.is_some() || known.is_running();
        if let Some(started_outside) = Known::of(request.head()).filter(is_inside) {
            if let (Some(code), Some(context)) = (&self.code, started_outside.context()) {
                set_code(&context, code);
            }
            return ResponseFuture::new(Handling::start(None, || self.service.call(request)));
        }
        // Looked up now, not when the app was built: start-up may come later.
        let settings = self.settings.unwrap_or_else(HttpSettings::current);
        let hooks = self.hooks.as_ref().or_else(|| Hooks::installed());
        let telemetry =
            RequestTelemetry::start(request.head(), request.app_config(), || request.match_pattern(), settings, hooks);
        if let (Some(telemetry), Some(code)) = (&telemetry, &self.code) {
            telemetry.set_code(code);
        }
        ResponseFuture::new(Handling::start(telemetry, || self.service.call(request)))
    }
}
