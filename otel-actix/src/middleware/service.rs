//! The service behind the layer: starts the span and hands the request on.

use super::future::{ResponseFuture, Watched};
use crate::body::BodyWrapper;
use crate::request_span::{self, RequestContext};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::{Error, HttpMessage as _};
use otel_core::code::CodeLocation;
use otel_core::http::set_code;
use std::fmt;
use std::marker::PhantomData;
use std::task::{Context, Poll};

/// Service of [`HttpTelemetry`](super::HttpTelemetry).
pub struct HttpTelemetryService<S, W> {
    service: S,
    code: Option<CodeLocation>,
    wrapper: PhantomData<fn() -> W>,
}

impl<S, W> HttpTelemetryService<S, W> {
    pub(super) fn new(service: S, code: Option<CodeLocation>) -> Self {
        Self { service, code, wrapper: PhantomData }
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
    W: BodyWrapper<B>,
{
    type Response = ServiceResponse<W::Body>;
    type Error = Error;
    type Future = ResponseFuture<S::Future, W>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let started_outside = request.extensions().get::<RequestContext>().cloned();
        if let Some(RequestContext(context)) = started_outside {
            if let Some(code) = &self.code {
                set_code(&context, code);
            }
            return ResponseFuture::new(self.service.call(request), None);
        }
        let span = request_span::start(request.head(), request.app_config());
        if let Some(code) = &self.code {
            span.set_code(code);
        }
        request.extensions_mut().insert(RequestContext(span.context().clone()));
        let head_only = request.method() == Method::HEAD;
        // Middlewares inside start spans of their own in the synchronous part of the call, too.
        let current = span.context().clone().attach();
        let future = self.service.call(request);
        drop(current);
        ResponseFuture::new(future, Some(Watched { span, head_only }))
    }
}
