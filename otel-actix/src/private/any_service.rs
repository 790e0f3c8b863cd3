//! The telemetry layer around services that are not an `App`: below actix-web's own middleware, on the requests and
//! responses of `actix-http`.

use super::route_lookup::{RouteLookup, build_with_lookup};
use crate::Hooks;
use crate::body::{BodyWrapper as _, TracedBody, Wrapped};
use crate::layer_order::service_built;
use crate::route::Resources;
use crate::telemetry::RequestTelemetry;
use crate::traced_future::TracedFuture;
use actix_http::{Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, ServiceResponse};
use otel_core::http::settings::HttpSettings;
use pin_project_lite::pin_project;
use std::any::Any;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

/// An instrumented value from which `HttpServer::new` can make a service factory.
#[derive(Debug)]
pub struct Instrumented<I>(I);

impl<I> Instrumented<I> {
    pub(super) fn new(inner: I) -> Self {
        Self(inner)
    }
}

impl<I, S, B> IntoServiceFactory<InstrumentedFactory<S, B>, Request> for Instrumented<I>
where
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig>,
    S::Service: 'static,
    S::Future: 'static,
    S::Error: Into<Error>,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    fn into_factory(self) -> InstrumentedFactory<S, B> {
        InstrumentedFactory { factory: self.0.into_factory(), body: PhantomData }
    }
}

/// Makes one [`InstrumentedService`] per worker and listener.
pub struct InstrumentedFactory<S, B> {
    factory: S,
    body: PhantomData<fn() -> B>,
}

impl<S, B> ServiceFactory<Request> for InstrumentedFactory<S, B>
where
    S: ServiceFactory<Request, Config = AppConfig>,
    S::Future: 'static,
    S::Error: Into<Error>,
    S::Response: Into<Response<B>> + 'static,
    B: MessageBody + 'static,
{
    type Response = Response<TracedBody<B>>;
    type Error = Error;
    type Config = AppConfig;
    type Service = InstrumentedService<S::Service, B>;
    type InitError = S::InitError;
    // Boxed, because it is made once per worker, not per request.
    type Future = Pin<Box<dyn Future<Output = Result<Self::Service, Self::InitError>>>>;

    fn new_service(&self, config: AppConfig) -> Self::Future {
        let building = build_with_lookup(service_built(self.factory.new_service(config.clone())));
        Box::pin(async move {
            let (service, lookup) = building.await;
            Ok(InstrumentedService { service: service?, config, lookup, resources: Rc::default(), body: PhantomData })
        })
    }
}

/// Starts the span of each request.
pub struct InstrumentedService<S, B> {
    service: S,
    config: AppConfig,
    lookup: Option<RouteLookup>,
    resources: Rc<Resources>,
    body: PhantomData<fn() -> B>,
}

impl<S, B> Service<Request> for InstrumentedService<S, B>
where
    S: Service<Request>,
    S::Error: Into<Error>,
    S::Response: Into<Response<B>> + 'static,
    B: MessageBody + 'static,
{
    type Response = Response<TracedBody<B>>;
    type Error = Error;
    type Future = InstrumentedFuture<S::Future, B>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(cx).map_err(Into::into)
    }

    fn call(&self, request: Request) -> Self::Future {
        let settings = HttpSettings::current();
        let route = || self.lookup.as_ref().and_then(|lookup| lookup(request.path()));
        let telemetry = RequestTelemetry::start(request.head(), &self.config, route, settings, Hooks::installed());
        let future = TracedFuture::start(telemetry, || self.service.call(request));
        InstrumentedFuture { future, resources: Rc::clone(&self.resources), body: PhantomData }
    }
}

pin_project! {
    /// Future of an [`InstrumentedService`].
    pub struct InstrumentedFuture<F, B> {
        #[pin]
        future: TracedFuture<F>,
        resources: Rc<Resources>,
        body: PhantomData<fn() -> B>,
    }
}

impl<F, R, E, B> Future for InstrumentedFuture<F, B>
where
    F: Future<Output = Result<R, E>>,
    R: Into<Response<B>> + 'static,
    E: Into<Error>,
    B: MessageBody + 'static,
{
    type Output = Result<Response<TracedBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (output, telemetry) = ready!(this.future.poll(cx));
        let resources = this.resources;
        let output = output.map_err(Into::into);
        let Some(mut telemetry) = telemetry else {
            // Telemetry is off.
            return Poll::Ready(output.map(|response| response.into().map_body(|_, body| Wrapped::pass(body))));
        };
        Poll::Ready(match output {
            Ok(mut response) => {
                // An app inside (`map_config`) returns its request, and so its route, with the response.
                let any: &mut dyn Any = &mut response;
                let app_response = any.downcast_mut::<ServiceResponse<B>>();
                let with_request = app_response.is_some();
                if let Some(response) = app_response {
                    telemetry.respond(response, Some(&*resources));
                }
                let mut response: Response<B> = response.into();
                if !with_request {
                    telemetry.respond_with_head(response.head_mut());
                }
                Ok(response.map_body(|_, body| Wrapped::trace(body, telemetry.into_span())))
            }
            Err(mut error) => {
                telemetry.fail(&mut error, None);
                Err(error)
            }
        })
    }
}

impl<S, B> fmt::Debug for InstrumentedFactory<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstrumentedFactory").finish_non_exhaustive()
    }
}

impl<S, B> fmt::Debug for InstrumentedService<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstrumentedService").finish_non_exhaustive()
    }
}

impl<F, B> fmt::Debug for InstrumentedFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstrumentedFuture").finish_non_exhaustive()
    }
}
