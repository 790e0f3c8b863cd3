//! Environment variables → [`Config`], without side effects.
//!
//! [`Config::from_lookup`] reads the variables of the OpenTelemetry specification through a function, so tests need no
//! process environment. Rules for every variable
//! ([specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)):
//! an empty value is unset, enumerations ignore case, booleans are true only for `true`, and a value that is not
//! understood becomes one [`Problem`] and is replaced by what that problem names. Nothing here can fail.

mod batch;
mod choice;
mod http;
mod http_controls;
mod limits;
mod list;
mod logs;
mod metrics;
mod names;
mod otlp;
mod problem;
mod resource;
mod sampler;
mod source;
mod traces;

pub use batch::BatchSettings;
pub(crate) use http::is_token;
pub use limits::SpanLimitSettings;
pub use logs::LogsConfig;
pub use metrics::{ExemplarFilter, MetricsConfig, TemporalityPreference};
pub use names::{ExporterName, LogLevel, PropagatorName};
pub use otlp::{ConfiguredFile, OtlpCompression, OtlpProtocol, OtlpSettings};
pub use problem::Problem;
pub use sampler::SamplerChoice;
pub use traces::TracesConfig;

use crate::http::settings::HttpSettings;
use source::Source;

/// Everything start-up needs to know, as plain data.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// `OTEL_SDK_DISABLED`: no telemetry is produced. Propagators still work.
    pub sdk_disabled: bool,
    /// `OTEL_SERVICE_NAME`. `None`: from the resource attributes, else `unknown_service:<executable>`.
    pub service_name: Option<String>,
    /// `OTEL_RESOURCE_ATTRIBUTES`, percent-decoded, in their order.
    pub resource_attributes: Vec<(String, String)>,
    /// `OTEL_LOG_LEVEL`: how much this crate tells the operator.
    pub log_level: LogLevel,
    /// `OTEL_PROPAGATORS`. Empty: `none`.
    pub propagators: Vec<PropagatorName>,
    /// Everything about spans.
    pub traces: TracesConfig,
    /// Everything about metrics.
    pub metrics: MetricsConfig,
    /// Everything about log records.
    pub logs: LogsConfig,
    /// What is recorded about HTTP.
    pub http: HttpSettings,
}

impl Config {
    /// Reads the environment of this process.
    #[must_use]
    pub fn from_env() -> (Self, Vec<Problem>) {
        Self::from_lookup(environment_variable)
    }

    /// Reads the variables that `lookup` knows, and reports each value that was not understood.
    ///
    /// ```
    /// use otel_core::config::{Config, ExporterName};
    ///
    /// let (config, problems) = Config::from_lookup(|name| match name {
    ///     "OTEL_TRACES_EXPORTER" => Some("console".to_owned()),
    ///     "OTEL_BSP_MAX_QUEUE_SIZE" => Some("many".to_owned()),
    ///     _ => None,
    /// });
    /// assert_eq!(config.traces.exporters, [ExporterName::Console]);
    /// assert_eq!(problems[0].variable, "OTEL_BSP_MAX_QUEUE_SIZE");
    /// assert_eq!(problems[0].fallback, "2048");
    /// ```
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> (Self, Vec<Problem>) {
        let mut source = Source::new(&lookup);
        if let Some(file) = source.text("OTEL_CONFIG_FILE") {
            let reason = "configuration files are not supported yet, the file is not read";
            source.report(Problem::new("OTEL_CONFIG_FILE", file, reason, "the other variables"));
        }
        let config = Self {
            sdk_disabled: source.boolean("OTEL_SDK_DISABLED"),
            service_name: source.text("OTEL_SERVICE_NAME"),
            resource_attributes: resource::read(&mut source),
            log_level: source.choice("OTEL_LOG_LEVEL", LogLevel::Info),
            propagators: names::read_propagators(&mut source),
            traces: TracesConfig::read(&mut source),
            metrics: MetricsConfig::read(&mut source),
            logs: LogsConfig::read(&mut source),
            http: http::read(&mut source),
        };
        (config, source.into_problems())
    }
}

impl Default for Config {
    /// What an empty environment gives.
    fn default() -> Self {
        Self::from_lookup(|_| None).0
    }
}

/// A variable of this process. Bytes that are not UTF-8 are replaced, and so turn up in the problem's text.
pub(crate) fn environment_variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests;
