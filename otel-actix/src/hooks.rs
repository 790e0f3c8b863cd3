//! Hooks that let the application change request spans.

use actix_web::dev::{RequestHead, ResponseHead};
use otel_core::opentelemetry::trace::SpanRef;
use otel_core::panics::caught;
use otel_core::self_log;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

type RequestHook = Box<dyn Fn(&SpanRef<'_>, &RequestHead) + Send + Sync>;
type ResponseHook = Box<dyn Fn(&SpanRef<'_>, &ResponseHead) + Send + Sync>;

static INSTALLED: OnceLock<Arc<Hooks>> = OnceLock::new();

/// Functions that are called for each request, to set attributes of its span or to rename it.
///
/// A hook that panics does not break the request; the first panic is reported. With `panic = "abort"` in the profile it ends
/// the process, as any panic does.
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
    has_reported: AtomicBool,
}

impl Hooks {
    /// Creates a set without hooks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls `hook` when a span was started. Routing replaces a name that the hook sets.
    #[must_use]
    pub fn with_request(mut self, hook: impl Fn(&SpanRef<'_>, &RequestHead) + Send + Sync + 'static) -> Self {
        self.request = Some(Box::new(hook));
        self
    }

    /// Calls `hook` when the response head is known, after name and attributes were set.
    #[must_use]
    pub fn with_response(mut self, hook: impl Fn(&SpanRef<'_>, &ResponseHead) + Send + Sync + 'static) -> Self {
        self.response = Some(Box::new(hook));
        self
    }

    /// Installs these hooks for every layer of the process that has none of its own. Only the first call has an effect;
    /// later ones are reported.
    pub fn install(self) {
        if INSTALLED.set(Arc::new(self)).is_err() {
            self_log::warn(format_args!("hooks are already installed; these are not used"));
        }
    }

    /// Returns the hooks of the process.
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

    fn contain(&self, name: &str, hook: impl FnOnce()) {
        if caught(hook).is_none() && !self.has_reported.swap(true, Ordering::Relaxed) {
            self_log::warn(format_args!("the {name} hook panicked; the request goes on (reported once)"));
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
