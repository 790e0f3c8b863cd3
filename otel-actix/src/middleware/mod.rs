//! [`HttpTelemetry`], the layer around an app or a resource, and the types that actix-web makes of it.

mod future;
mod service;

use crate::body::{BodyWrapper, Preserved, Wrapped};
use crate::{Hooks, layer_order};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use otel_core::code::CodeLocation;
use otel_core::http::settings::{HttpSettings, interned};
use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

pub use future::ResponseFuture;
pub use service::HttpTelemetryService;

/// Middleware that records each request as an OpenTelemetry SERVER span.
///
/// `#[auto_instrument]` places it outermost. By hand, register it **last**, since actix-web runs the middleware that was
/// registered last first:
///
/// ```
/// use actix_web::App;
/// use otel_actix::HttpTelemetry;
///
/// let app = App::new().wrap(actix_web::middleware::NormalizePath::trim()).wrap(HttpTelemetry::new());
/// # let _ = app;
/// ```
///
/// A request that has a span already gets no second one.
///
/// By default the layer keeps the type of the response body ([`Preserved`]), so that it fits where the code names the
/// app's type. The span then lasts to the end of the body only if that is a `BoxBody`, or an `EitherBody` of one; for
/// the bodies of `Logger` and `Compress` it ends with the response head. Unless your code names the app's type, let the
/// layer [wrap the body](Self::wrapping_bodies), as the attribute does.
///
/// The layer uses the settings of the process (environment, or code at start-up) unless it has its own:
///
/// ```
/// use otel_actix::{HttpSettings, HttpTelemetry};
///
/// let mut settings = HttpSettings::current().clone();
/// settings.trace_response_header = true;
/// let layer = HttpTelemetry::new().with_settings(settings);
/// # let _ = layer;
/// ```
pub struct HttpTelemetry<W = Preserved> {
    code: Option<CodeLocation>,
    settings: Option<&'static HttpSettings>,
    hooks: Option<Arc<Hooks>>,
    wrapper: PhantomData<fn() -> W>,
}

impl HttpTelemetry {
    /// Creates the layer with the settings and hooks of the process.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_code(None)
    }

    /// Makes every span last to the end of its body. The layer then changes the body's type to
    /// [`TracedBody`](crate::body::TracedBody).
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
    /// Creates the layer of a single handler, which is defined at `code`.
    pub(crate) const fn of_handler(code: CodeLocation) -> Self {
        Self::with_code(Some(code))
    }
}

impl<W> HttpTelemetry<W> {
    const fn with_code(code: Option<CodeLocation>) -> Self {
        Self { code, settings: None, hooks: None, wrapper: PhantomData }
    }

    /// Uses `settings` instead of those of the process.
    #[must_use]
    pub fn with_settings(mut self, settings: HttpSettings) -> Self {
        self.settings = Some(interned(settings));
        self
    }

    /// Calls `hooks` instead of those of the process.
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
        if self.code.is_some() {
            layer_order::handler_layer_built();
        } else {
            layer_order::app_layer_built(std::any::type_name::<HttpTelemetryService<(), ()>>());
        }
        // Built once for each worker, on its thread.
        #[cfg(feature = "runtime-metrics")]
        otel_core::runtime_metrics::observe_runtime();
        ready(Ok(HttpTelemetryService::new(service, self.code, self.settings, self.hooks.clone())))
    }
}
