//! The service of [`HttpTelemetry`](super::HttpTelemetry): starts the span and passes the request on.

use super::future::ResponseFuture;
use crate::Hooks;
use crate::active_requests::RequestKey;
use crate::body::BodyWrapper;
use crate::route::Resources;
use crate::telemetry::RequestTelemetry;
use crate::traced_future::TracedFuture;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use otel_core::code::CodeLocation;
use otel_core::http::settings::HttpSettings;
use otel_core::server::set_code;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The service of [`HttpTelemetry`](super::HttpTelemetry).
pub struct HttpTelemetryService<S, W> {
    service: S,
    code: Option<CodeLocation>,
    settings: Option<&'static HttpSettings>,
    hooks: Option<Arc<Hooks>>,
    resources: Rc<Resources>,
    wrapper: PhantomData<fn() -> W>,
}

impl<S, W> HttpTelemetryService<S, W> {
    pub(super) fn new(
        service: S,
        code: Option<CodeLocation>,
        settings: Option<&'static HttpSettings>,
        hooks: Option<Arc<Hooks>>,
    ) -> Self {
        Self { service, code, settings, hooks, resources: Rc::default(), wrapper: PhantomData }
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
        // A handler's layer is always inside the layer that started the span, even if a middleware passed the request on
        // from another task. For other layers a known key may be stale: a middleware dropped the earlier request
        // unanswered, and this request has its address.
        let is_inside = |key: &RequestKey| self.code.is_some() || key.is_current();
        if let Some(outer) = RequestKey::of(request.head()).filter(is_inside) {
            if let (Some(code), Some(context)) = (&self.code, outer.context()) {
                set_code(&context, code);
            }
            return ResponseFuture::new(TracedFuture::start(None, || self.service.call(request)), &self.resources);
        }
        // Read per request, because telemetry may start after the app was built.
        let settings = self.settings.unwrap_or_else(HttpSettings::current);
        let hooks = self.hooks.as_ref().or_else(|| Hooks::installed());
        let telemetry =
            RequestTelemetry::start(request.head(), request.app_config(), || request.match_pattern(), settings, hooks);
        if let Some(telemetry) = &telemetry {
            // Reads the map now: an error comes back without its request.
            self.resources.read(request.resource_map());
            if let Some(code) = &self.code {
                telemetry.set_code(code);
            }
        }
        ResponseFuture::new(TracedFuture::start(telemetry, || self.service.call(request)), &self.resources)
    }
}
