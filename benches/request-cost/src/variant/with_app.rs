//! The app's part of a variant: its middleware.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error};
#[cfg(feature = "others")]
use opentelemetry_instrumentation_actix_web::{RequestMetrics, RequestTracing};
use otel_actix::HttpTelemetry;

#[cfg(feature = "others")]
use super::Signals;
#[cfg(feature = "others")]
use super::others;
use super::{Variant, manual};
use crate::app::{Shape, app};

/// Code that uses an app, whatever the app's type: each middleware makes another type.
pub trait AppUser {
    /// The result.
    type Output;

    /// Uses the apps that `factory` makes.
    fn with<F, T, B>(self, factory: F) -> Self::Output
    where
        F: Fn() -> App<T> + Clone + Send + 'static,
        T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = Error, InitError = ()>
            + 'static,
        B: MessageBody + 'static;
}

impl Variant {
    /// Gives the app with this variant's middleware to `user`. Call it after [`install`](Self::install).
    pub fn with_app<U: AppUser>(self, shape: Shape, user: U) -> U::Output {
        match self {
            Self::Manual(_) => user.with(move || app(shape).wrap_fn(manual::server_span)),
            // The expansion of `#[auto_instrument]` on the argument of `HttpServer::new`.
            Self::Ours(_) => user.with(move || app(shape).wrap(HttpTelemetry::new().wrapping_bodies())),
            #[cfg(feature = "others")]
            Self::Contrib(Signals::Spans) => user.with(move || app(shape).wrap(RequestTracing::new())),
            #[cfg(feature = "others")]
            Self::Contrib(Signals::SpansAndMetrics) => {
                user.with(move || app(shape).wrap(RequestTracing::new()).wrap(RequestMetrics::default()))
            }
            #[cfg(feature = "others")]
            Self::TracingActixWeb => user.with(move || app(shape).wrap(tracing_actix_web::TracingLogger::default())),
            #[cfg(feature = "others")]
            Self::Fastrace => user.with(move || app(shape).wrap_fn(others::fastrace::server_span)),
            #[cfg(feature = "others")]
            Self::TracingInstrument => user.with(others::tracing_instrument::app),
            // Without the feature `others`, these have not been installed.
            _ => user.with(move || app(shape)),
        }
    }
}
