//! Environment variables, or a configuration file, → [`Config`], without side effects.
//!
//! [`Config::from_lookup`] reads the variables of the OpenTelemetry specification through a function, so tests need no
//! process environment. Rules for every variable
//! ([specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)):
//! an empty value is unset, enumerations ignore case, booleans are true only for `true`, and a value that is not
//! understood becomes one [`Problem`] and is replaced by the fallback that the problem names. Nothing here can fail.
//!
//! [`Config::from_yaml`] reads a configuration file instead (`OTEL_CONFIG_FILE`); with a file, the variables count only
//! where it refers to them. Settings in code win over both.

mod batch;
mod choice;
mod client_switches;
mod console;
#[cfg(feature = "config-file")]
mod file;
mod http;
mod http_controls;
mod http_in_force;
mod layers;
mod limits;
mod list;
mod logs;
mod metric_view;
mod metrics;
mod names;
mod otlp;
pub(crate) mod printable;
mod problem;
mod prometheus;
#[cfg(all(feature = "config-file", any(test, fuzzing)))]
pub mod properties;
mod resource;
mod sampler;
mod setting;
mod settings_table;
mod source;
mod traces;
mod viewer;

pub use batch::BatchSettings;
pub(crate) use client_switches::{install_client_switches, records_returned_rows};
pub use console::ConsoleFormat;
pub(crate) use http::is_token;
pub use http_in_force::install_http_settings;
pub use limits::{LogRecordLimitSettings, SpanLimitSettings};
pub use logs::LogsConfig;
pub use metric_view::{MetricView, ViewSelector, ViewStream};
pub use metrics::{HistogramAggregation, MetricsConfig, TemporalityPreference};
pub use names::{ClientLibrary, ExporterName, LogLevel, PropagatorName, ResourceDetectorName};
pub use otlp::{ConfiguredFile, OtlpCompression, OtlpProtocol, OtlpSettings};
pub use problem::Problem;
pub use prometheus::PrometheusSettings;
pub use sampler::SamplerChoice;
pub use settings_table::{SETTINGS, SettingDefault, SettingDoc};
pub use traces::TracesConfig;
pub use viewer::ViewerSettings;

use std::path::PathBuf;

use crate::http::settings::HttpSettings;
use opentelemetry::KeyValue;
pub(crate) use setting::Setting;
use source::Source;

/// All settings, as plain data.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// `OTEL_CONFIG_FILE`: the file that takes the place of the environment.
    pub file: Option<PathBuf>,
    /// `OTEL_SDK_DISABLED`: no telemetry is produced. Propagators still work.
    pub sdk_disabled: bool,
    /// `OTEL_SERVICE_NAME`. `None`: from the resource attributes, else `unknown_service:<executable>`.
    pub service_name: Option<String>,
    /// `OTEL_RESOURCE_ATTRIBUTES`, percent-decoded, in their order; of equal keys the last one counts.
    pub resource_attributes: Vec<KeyValue>,
    /// `OTEL_RUST_RESOURCE_DETECTORS`: the detectors that add attributes to the resource. Empty: `none`.
    pub resource_detectors: Vec<ResourceDetectorName>,
    /// `OTEL_LOG_LEVEL`: the messages of telemetry about itself.
    pub log_level: LogLevel,
    /// `OTEL_PROPAGATORS`. Empty: `none`.
    pub propagators: Vec<PropagatorName>,
    /// Settings of spans.
    pub traces: TracesConfig,
    /// Settings of metrics.
    pub metrics: MetricsConfig,
    /// Settings of log records.
    pub logs: LogsConfig,
    /// `OTEL_RUST_RUNTIME_METRICS`: metrics of the process and of tokio's workers are exported.
    pub runtime_metrics: bool,
    /// `OTEL_RUST_DISABLED_INSTRUMENTATIONS`: the client libraries whose calls have no telemetry.
    pub disabled_libraries: Vec<ClientLibrary>,
    /// `OTEL_RUST_DB_RETURNED_ROWS`: the number of rows that a query returned is recorded.
    pub returned_rows: bool,
    /// The viewer in this process.
    pub viewer: ViewerSettings,
    /// Settings of HTTP telemetry.
    pub http: HttpSettings,
}

impl Config {
    /// Reads the variables that `lookup` knows, and reports each value that was not understood. No file is read:
    /// `OTEL_CONFIG_FILE` has no effect.
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
        Self::from_settings(&|name| lookup(name).map(Setting::Text))
    }

    /// Reads typed settings by the names of their variables.
    pub(crate) fn from_settings(lookup: &dyn Fn(&str) -> Option<Setting>) -> (Self, Vec<Problem>) {
        let mut source = Source::new(lookup);
        let config = Self::read(&mut source);
        (config, source.into_problems())
    }

    fn read(source: &mut Source<'_>) -> Self {
        Self {
            file: None,
            sdk_disabled: source.boolean("OTEL_SDK_DISABLED"),
            service_name: source.text("OTEL_SERVICE_NAME"),
            resource_attributes: resource::read(source),
            resource_detectors: list::read(source, "OTEL_RUST_RESOURCE_DETECTORS", &[]),
            log_level: source.choice("OTEL_LOG_LEVEL", LogLevel::Info),
            propagators: list::read(
                source,
                "OTEL_PROPAGATORS",
                &[PropagatorName::TraceContext, PropagatorName::Baggage],
            ),
            traces: TracesConfig::read(source),
            metrics: MetricsConfig::read(source),
            logs: LogsConfig::read(source),
            runtime_metrics: source.boolean("OTEL_RUST_RUNTIME_METRICS"),
            disabled_libraries: list::read(source, "OTEL_RUST_DISABLED_INSTRUMENTATIONS", &[]),
            returned_rows: source.boolean("OTEL_RUST_DB_RETURNED_ROWS"),
            viewer: ViewerSettings::read(source),
            http: http::read(source),
        }
    }
}

impl Default for Config {
    /// The configuration of an empty environment.
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
