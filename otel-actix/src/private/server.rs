//! The argument of `HttpServer::new`.

use super::any_service::Instrumented;
use crate::HttpTelemetry;
use crate::body::TracedBody;
use actix_http::Request;
use actix_service::IntoServiceFactory;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error};

/// A closure or function that makes applications.
#[diagnostic::on_unimplemented(
    message = "`{Self}` makes no application",
    label = "expected a closure or function without parameters, as `HttpServer::new` of actix-web takes it",
    note = "if `HttpServer` is not that of actix-web here, write `#[auto_instrument(app = false)]`",
    note = "if that of actix-web has another name here, write `#[auto_instrument(server = Name)]`"
)]
pub trait Factory {
    /// The type of the applications.
    type Made;

    /// The next application.
    fn make(&self) -> Self::Made;
}

#[diagnostic::do_not_recommend]
impl<I, F: Fn() -> I> Factory for F {
    type Made = I;

    fn make(&self) -> I {
        self()
    }
}

/// Returns the user's factory unchanged. It has the bounds of `HttpServer::new`, so the compiler reports a mistake in
/// it at the user's tokens.
///
/// `Fn` beside [`Factory`] makes the compiler report a closure that moves a captured value out at that value.
pub fn factory<I, F: Fn() -> I + Factory + Send + Clone + 'static>(factory: F) -> F {
    factory
}

/// A value that a factory made. `(&&&Made(&value)).__otel_kind().instrument(value)` adds the telemetry layer to a value
/// that actix-web serves, and returns any other value unchanged: then `HttpServer` belongs to another library, or the
/// compiler reports the same error as without the attribute.
#[derive(Debug)]
pub struct Made<'a, I>(pub &'a I);

/// An [`App`].
#[derive(Clone, Copy, Debug)]
pub struct AppKind;

/// Another service factory: `map_config(..)`, or one of the application's own.
#[derive(Clone, Copy, Debug)]
pub struct ServiceKind;

/// Something else.
#[derive(Clone, Copy, Debug)]
pub struct OtherKind;

/// First choice: apps.
pub trait MadeApp {
    /// The kind of the value.
    fn __otel_kind(&self) -> AppKind {
        AppKind
    }
}

/// Second choice: everything else that actix-web serves.
pub trait MadeService<S> {
    /// The kind of the value.
    fn __otel_kind(&self) -> ServiceKind {
        ServiceKind
    }
}

/// Third choice: anything.
pub trait MadeOther {
    /// The kind of the value.
    fn __otel_kind(&self) -> OtherKind {
        OtherKind
    }
}

impl<T> MadeApp for &&Made<'_, App<T>> {}
impl<S: ServiceFactory<Request>, I: IntoServiceFactory<S, Request>> MadeService<S> for &Made<'_, I> {}
impl<I> MadeOther for Made<'_, I> {}

impl AppKind {
    /// Wraps the app in the telemetry layer, outermost.
    pub fn instrument<T, B>(
        self,
        app: App<T>,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<TracedBody<B>>,
            Error = Error,
            InitError = (),
        >,
    >
    where
        T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = Error, InitError = ()>
            + 'static,
        B: MessageBody + 'static,
    {
        app.wrap(HttpTelemetry::new().wrapping_bodies())
    }
}

impl ServiceKind {
    /// Wraps the factory in the telemetry layer.
    pub fn instrument<I>(self, inner: I) -> Instrumented<I> {
        Instrumented::new(inner)
    }
}

impl OtherKind {
    /// Returns the value unchanged.
    pub fn instrument<I>(self, value: I) -> I {
        value
    }
}
