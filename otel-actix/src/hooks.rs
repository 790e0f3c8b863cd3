//! The application's own say in what a request's span tells.

use actix_http::ResponseHead;
use actix_web::dev::RequestHead;
use otel_core::opentelemetry::trace::SpanRef;
use otel_core::self_log;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

type RequestHook = Box<dyn Fn(&SpanRef<'_>, &RequestHead) + Send + Sync>;
type ResponseHook = Box<dyn Fn(&SpanRef<'_>, &ResponseHead) + Send + Sync>;

static INSTALLED: OnceLock<Arc<Hooks>> = OnceLock::new();

/// Functions that are called for each request, to set attributes of its span or to rename it.
///
/// A hook that panics breaks no request: it is reported, once.
///
/// ```
/// use opentelemetry::KeyValue;
/// use otel_actix::Hooks;
///
/// // For every app that the attribute instruments:
/// Hooks::new()
///     .with_request(|span, head| {
///         if head.headers().contains_key("x-canary") {
///             span.set_attribute(KeyValue::new("app.canary", true));
///         }
///     })
///     .with_response(|span, head| {
///         if head.status.is_redirection() {
///             span.set_attribute(KeyValue::new("app.redirected", true));
///         }
///     })
///     .install();
/// ```
#[derive(Default)]
pub struct Hooks {
    request: Option<RequestHook>,
    response: Option<ResponseHook>,
    reported: AtomicBool,
}

impl Hooks {
    /// No hooks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Called when a span was started. A name that is set here is replaced when the request was routed.
    #[must_use]
    pub fn with_request(mut self, hook: impl Fn(&SpanRef<'_>, &RequestHead) + Send + Sync + 'static) -> Self {
        self.request = Some(Box::new(hook));
        self
    }

    /// Called when the response head is known, after name and attributes were set.
    #[must_use]
    pub fn with_response(mut self, hook: impl Fn(&SpanRef<'_>, &ResponseHead) + Send + Sync + 'static) -> Self {
        self.response = Some(Box::new(hook));
        self
    }

    /// Makes these the hooks of every layer of this process that has none of its own. The first call counts: a second
    /// one does nothing but warn.
    pub fn install(self) {
        if INSTALLED.set(Arc::new(self)).is_err() {
            self_log::warn(format_args!("hooks are already installed; these are not used"));
        }
    }

    /// The hooks of this process.
    pub(crate) fn installed() -> Option<&'static Arc<Self>> {
        INSTALLED.get()
    }

    pub(crate) fn on_request(&self, span: &SpanRef<'_>, head: &RequestHead) {
        if let Some(hook) = &self.request {
            self.contain("request", || hook(span, head));
        }
    }

    pub(crate) fn on_response(&self, span: &SpanRef<'_>, head: &ResponseHead) {
        if let Some(hook) = &self.response {
            self.contain("response", || hook(span, head));
        }
    }

    fn contain(&self, which: &str, hook: impl FnOnce()) {
        if catch_unwind(AssertUnwindSafe(hook)).is_err() && !self.reported.swap(true, Ordering::Relaxed) {
            self_log::warn(format_args!("the {which} hook panicked; the request goes on (reported once)"));
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("request", &self.request.is_some())
            .field("response", &self.response.is_some())
            .finish_non_exhaustive()
    }
}
