//! The argument of `HttpServer::new`.

use super::any_service::Instrumented;
use crate::HttpTelemetry;
use crate::body::TracedBody;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error};

/// The user's factory as it is, with the bounds that `HttpServer::new` has: what is wrong with it is reported on the
/// user's tokens.
pub fn factory<F, I>(factory: F) -> F
where
    F: Fn() -> I + Send + Clone + 'static,
{
    factory
}

/// What a factory made. [`App`]s have an inherent method that adds the layer; anything else falls back to
/// [`InstrumentFallback`]: an inherent method wins over one of a trait.
#[derive(Debug)]
pub struct Probe<I>(pub I);

impl<T, B> Probe<App<T>>
where
    T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = Error, InitError = ()>
        + 'static,
    B: MessageBody + 'static,
{
    /// Wraps the app in the telemetry layer, outermost.
    pub fn instrument(
        self,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<TracedBody<B>>,
            Error = Error,
            InitError = (),
        >,
    > {
        self.0.wrap(HttpTelemetry::new().wrapping_bodies())
    }
}

/// Everything else that `HttpServer::new` takes: `map_config(..)`, a service factory written by hand.
pub trait InstrumentFallback {
    /// Type of the instrumented value.
    type Output;

    /// Wraps it in the telemetry layer.
    fn instrument(self) -> Self::Output;
}

impl<I> InstrumentFallback for Probe<I> {
    type Output = Instrumented<I>;

    fn instrument(self) -> Instrumented<I> {
        Instrumented::new(self.0)
    }
}
