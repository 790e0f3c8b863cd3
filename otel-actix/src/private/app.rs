//! A function that returns an `App`.

use crate::HttpTelemetry;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error};

/// An app. The user's signature may name its body type, so the type must not change.
#[derive(Debug)]
pub struct WholeApp<A>(pub A);

impl<T, B> WholeApp<App<T>>
where
    T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = Error, InitError = ()>
        + 'static,
    B: MessageBody + 'static,
{
    /// Wraps the app in the telemetry layer, outermost.
    pub fn instrument(
        self,
    ) -> App<
        impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = Error, InitError = ()>,
    > {
        self.0.wrap(HttpTelemetry::new())
    }
}
