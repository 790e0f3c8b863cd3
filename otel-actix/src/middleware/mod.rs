//! The layer around an app (or a resource): the one place where a SERVER span is born and ends.

mod future;
mod service;

use crate::Hooks;
use crate::body::{BodyWrapper, Preserved, Wrapped};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use otel_core::code::CodeLocation;
use otel_core::http::settings::{HttpSettings, interned};
pub(crate) use service::HttpTelemetryService;
use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

/// Middleware that records each request as an OpenTelemetry SERVER span.
///
/// `#[auto_instrument]` places it where it belongs: around everything. By hand, register it **last**, since actix-web
/// runs the middleware that was registered last first:
///
/// ```
/// use actix_web::App;
/// use otel_actix::HttpTelemetry;
///
/// let app = App::new().wrap(actix_web::middleware::NormalizePath::trim()).wrap(HttpTelemetry::new());
/// # let _ = app;
/// ```
///
/// It starts no second span for a request that has one.
///
/// The layer keeps the type of the response body, so that it fits where an app's type is spelled out. Then the span can
/// only last to the end of the body if that is a `BoxBody`, or an `EitherBody` of one; around the bodies of `Logger` and
/// `Compress` it ends with the response head. Where nobody names the app's type, let the layer
/// [wrap the body](Self::wrapping_bodies), as the attribute does.
/// Settings are those of the process (environment, or code at start-up) unless the layer is given its own:
///
/// ```
/// use otel_actix::{HttpSettings, HttpTelemetry};
///
/// let layer = HttpTelemetry::new()
///     .with_settings(HttpSettings { trace_response_header: true, ..HttpSettings::current().clone() });
/// # let _ = layer;
/// ```
pub struct HttpTelemetry<W = Preserved> {
    code: Option<CodeLocation>,
    settings: Option<&'static HttpSettings>,
    hooks: Option<Arc<Hooks>>,
    wrapper: PhantomData<fn() -> W>,
}

impl HttpTelemetry {
    /// The layer, with the settings of the process.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_code(None)
    }
}

impl HttpTelemetry {
    /// The same layer around a body of any type, which it changes: every span lasts to the end of its body.
    ///
    /// ```
    /// use actix_web::{App, middleware::Logger};
    /// use otel_actix::HttpTelemetry;
    ///
    /// let app = App::new().wrap(Logger::default()).wrap(HttpTelemetry::new().wrapping_bodies());
    /// # let _ = app;
    /// ```
    #[must_use]
    pub fn wrapping_bodies(self) -> HttpTelemetry<Wrapped> {
        let Self { code, settings, hooks, .. } = self;
        HttpTelemetry { code, settings, hooks, wrapper: PhantomData }
    }
}

impl Default for HttpTelemetry {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpTelemetry<Wrapped> {
    /// For the resource of a single handler, which stands at `code`.
    pub(crate) const fn of_handler(code: CodeLocation) -> Self {
        Self::with_code(Some(code))
    }
}

impl<W> HttpTelemetry<W> {
    const fn with_code(code: Option<CodeLocation>) -> Self {
        Self { code, settings: None, hooks: None, wrapper: PhantomData }
    }

    /// Settings of this layer, instead of those of the process.
    #[must_use]
    pub fn with_settings(mut self, settings: HttpSettings) -> Self {
        self.settings = Some(interned(settings));
        self
    }

    /// Hooks of this layer, instead of those of the process.
    #[must_use]
    pub fn with_hooks(mut self, hooks: Arc<Hooks>) -> Self {
        self.hooks = Some(hooks);
        self
    }
}

impl<W> fmt::Debug for HttpTelemetry<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTelemetry").field("code", &self.code).finish_non_exhaustive()
    }
}

impl<S, B, W> Transform<S, ServiceRequest> for HttpTelemetry<W>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
    W: BodyWrapper<B>,
{
    type Response = ServiceResponse<W::Body>;
    type Error = Error;
    type Transform = HttpTelemetryService<S, W>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, Self::InitError>>;

    fn new_transform(&self, service: S) -> Self::Future {
        crate::place::layer_made(self.code.is_none());
        ready(Ok(HttpTelemetryService::new(service, self.code, self.settings, self.hooks.clone())))
    }
}
