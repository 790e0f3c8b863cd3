//! What an operator can choose about HTTP telemetry, as plain data.

/// Which generation of the HTTP conventions is emitted (`OTEL_SEMCONV_STABILITY_OPT_IN`).
///
/// Source: [HTTP migration guide](https://opentelemetry.io/docs/specs/semconv/non-normative/http-migration/).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SemconvMode {
    /// `http`: the stable conventions. The default.
    #[default]
    Stable,
    /// `http/dup`: stable and old together.
    Dup,
    /// `http/old`: the old conventions alone.
    Old,
}

/// Methods that are recorded by name; anything else is `_OTHER`
/// ([specification](https://opentelemetry.io/docs/specs/semconv/http/http-spans/)).
pub const KNOWN_METHODS: [&str; 10] =
    ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "QUERY"];

/// Settings of the HTTP server instrumentation. Built by `config`, read by `http`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSettings {
    /// `OTEL_SEMCONV_STABILITY_OPT_IN`
    pub semconv: SemconvMode,
    /// `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`: replaces the whole list. Case-sensitive.
    pub known_methods: Vec<String>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            semconv: SemconvMode::default(),
            known_methods: KNOWN_METHODS.iter().map(|&method| method.to_owned()).collect(),
        }
    }
}

static INSTALLED: std::sync::OnceLock<HttpSettings> = std::sync::OnceLock::new();

impl HttpSettings {
    /// The settings of this process; the defaults where start-up installed none.
    #[must_use]
    pub fn current() -> &'static Self {
        INSTALLED.get_or_init(Self::default)
    }
}
