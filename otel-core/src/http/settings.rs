//! The settings of HTTP telemetry, as plain data.

use super::forwarded::{TrustedProxies, is_forwarded};
use super::headers::HeaderCapture;
use super::patterns::Patterns;

/// The generation of the HTTP conventions that is emitted (`OTEL_SEMCONV_STABILITY_OPT_IN`).
///
/// Source: [HTTP migration guide](https://opentelemetry.io/docs/specs/semconv/non-normative/http-migration/).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SemconvMode {
    /// `http`: the stable conventions. The default.
    #[default]
    Stable,
    /// `http/dup`: stable and old together.
    Dup,
    /// `http/old`: the old conventions alone.
    Old,
}

/// The signal in which the error of a failed request is recorded (`OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`).
///
/// Source: [exceptions in logs](https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExceptionSignal {
    /// Unset: an event of the span. The default.
    #[default]
    SpanEvent,
    /// `logs`: a log record in the context of the span.
    Log,
    /// `logs/dup`: both.
    Both,
}

/// Methods that are recorded by name; all others are `_OTHER`
/// ([specification](https://opentelemetry.io/docs/specs/semconv/http/http-spans/)).
pub const KNOWN_METHODS: [&str; 10] =
    ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "QUERY"];

/// Query keys whose values are signatures or credentials of signed URLs; case-sensitive.
///
/// Source: [`url.query`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/), the list the
/// conventions give, with the parts of AWS's signature version 4 that name or grant access.
pub const SENSITIVE_QUERY_KEYS: [&str; 7] = [
    "AWSAccessKeyId",
    "Signature",
    "sig",
    "X-Goog-Signature",
    "X-Amz-Signature",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
];

/// Settings of HTTP telemetry. Fields will be added: start from [`current`](Self::current) or the default, and set
/// fields.
///
/// ```
/// use otel_core::http::settings::HttpSettings;
///
/// let mut settings = HttpSettings::default();
/// settings.body_sizes = true;
/// # let _ = settings;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct HttpSettings {
    /// `OTEL_SEMCONV_STABILITY_OPT_IN`
    pub semconv: SemconvMode,
    /// `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`
    pub exception_signal: ExceptionSignal,
    /// `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`: replaces the whole list. Case-sensitive.
    pub known_methods: Vec<String>,
    /// `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_*`: which headers are recorded.
    pub headers: HeaderCapture,
    /// `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_*`: the same for clients.
    pub client_headers: HeaderCapture,
    /// `OTEL_RUST_EXCLUDED_URLS`: expressions that are searched for in the path. A request that matches leaves no
    /// telemetry, nor does the code that handles it.
    pub excluded_urls: Patterns,
    /// `OTEL_RUST_EXCLUDED_ROUTES`: routes as the app writes them. Their requests leave no telemetry either.
    pub excluded_routes: Vec<String>,
    /// Query keys whose values are not recorded: [`SENSITIVE_QUERY_KEYS`] and the members of
    /// `OTEL_RUST_REDACTED_QUERY_KEYS`.
    pub redacted_query_keys: Vec<String>,
    /// `OTEL_RUST_TRUST_FORWARDED_HEADERS`: the proxies whose headers name the client. None by default.
    pub trusted_proxies: TrustedProxies,
    /// `OTEL_RUST_TRACE_RESPONSE_HEADER`: `true` if responses name their trace (`traceresponse`).
    pub trace_response_header: bool,
    /// `OTEL_RUST_HTTP_BODY_SIZES`: `true` if the sizes of bodies are recorded; opt-in by the conventions.
    pub body_sizes: bool,
    /// `OTEL_RUST_HTTP_SYNTHETIC_USER_AGENTS`: `true` if bots are marked; opt-in by the conventions.
    pub synthetic_user_agents: bool,
    /// `OTEL_RUST_HTTP_EXCLUDE_LONG_LIVED_DURATIONS`: `true` if the metrics of durations and body sizes leave out
    /// upgraded connections (`WebSocket`s) and streams of events. Their spans, and the count of active requests, stay.
    pub exclude_long_lived_durations: bool,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            semconv: SemconvMode::default(),
            exception_signal: ExceptionSignal::default(),
            known_methods: KNOWN_METHODS.iter().map(|&method| method.to_owned()).collect(),
            headers: HeaderCapture::default(),
            client_headers: HeaderCapture::default(),
            excluded_urls: Patterns::default(),
            excluded_routes: Vec::new(),
            redacted_query_keys: SENSITIVE_QUERY_KEYS.iter().map(|&key| key.to_owned()).collect(),
            trusted_proxies: TrustedProxies::default(),
            trace_response_header: false,
            body_sizes: false,
            synthetic_user_agents: false,
            exclude_long_lived_durations: false,
        }
    }
}

impl HttpSettings {
    /// Returns `true` if expressions may match any header, so that all headers have to be kept.
    pub(crate) fn asks_for_any_header(&self) -> bool {
        !self.headers.request.is_empty() || !self.trusted_proxies.are_none()
    }

    /// Returns `true` if this header may be recorded; the name is in lower case.
    pub(crate) fn asks_for_header(&self, name: &str) -> bool {
        self.headers.request.is_match(name) || !self.trusted_proxies.are_none() && is_forwarded(name)
    }

    /// Returns `true` if a request for this path leaves no telemetry. `route` looks up the route of the path before
    /// routing, and so without guards; it is called only if routes are excluded.
    #[must_use]
    #[inline]
    pub fn excludes(&self, path: &str, route: impl FnOnce() -> Option<String>) -> bool {
        (!self.excluded_urls.is_empty() && self.excluded_urls.is_match(path))
            || (!self.excluded_routes.is_empty() && route().is_some_and(|route| self.excluded_routes.contains(&route)))
    }
}

/// Settings that live as long as the process. Equal settings share one place, so that each worker's layer may ask
/// again.
#[must_use]
pub fn interned(settings: HttpSettings) -> &'static HttpSettings {
    static KNOWN: std::sync::Mutex<Vec<&'static HttpSettings>> = std::sync::Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(same) = known.iter().find(|other| ***other == settings) {
        return same;
    }
    let settings: &'static HttpSettings = Box::leak(Box::new(settings));
    known.push(settings);
    settings
}
