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
    /// Whether the sizes of bodies are recorded: opt-in by the conventions.
    pub body_sizes: bool,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            semconv: SemconvMode::default(),
            known_methods: KNOWN_METHODS.iter().map(|&method| method.to_owned()).collect(),
            body_sizes: false,
        }
    }
}

static INSTALLED: std::sync::OnceLock<HttpSettings> = std::sync::OnceLock::new();

/// Sets the settings of this process, once. Start-up calls it; returns whether these settings are in force.
pub fn install(settings: HttpSettings) -> bool {
    INSTALLED.set(settings).is_ok()
}

impl HttpSettings {
    /// The settings of this process; those of the environment where start-up installed none.
    #[must_use]
    pub fn current() -> &'static Self {
        static ENVIRONMENT: std::sync::LazyLock<HttpSettings> =
            std::sync::LazyLock::new(|| crate::config::Config::from_env().0.http);
        INSTALLED.get().unwrap_or_else(|| &ENVIRONMENT)
    }
}
