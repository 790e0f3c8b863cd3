//! Start-up with settings in code.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::{KeyValue, Value, global};

use super::custom_exporters::CustomExporters;
use super::destinations::Destinations;
use super::guard::TelemetryGuard;
use super::pipeline::{Destination, Pipeline};
use super::running::RunningTelemetry;
use super::viewer::LocalViewer;
use super::{deadline, logs, metrics, self_metrics, traces};
use crate::client::export_pools;
use crate::config::printable;
use crate::config::{
    ClientLibrary, Config, ExporterName, LogLevel, PropagatorName, ResourceDetectorName, SamplerChoice, Setting,
};
use crate::findings::{self, StartupStatus};
use crate::http::settings::SemconvMode;
use crate::meters::Meters;
use crate::{fork, propagation, resource, self_log};

/// How long shutting down may take, unless an export timeout or the code sets another time.
const SHUTDOWN_DEADLINE: Duration = Duration::from_secs(5);

/// Time after the timeout of the last batch, to report it.
const SHUTDOWN_MARGIN: Duration = Duration::from_secs(1);

static STARTED: AtomicBool = AtomicBool::new(false);

/// Settings in code. They win over the configuration file or the environment, and these over the defaults.
#[must_use = "nothing starts before `init` is called"]
#[derive(Default)]
pub struct InitBuilder {
    pub(super) settings: HashMap<String, Setting>,
    attributes: Vec<KeyValue>,
    shutdown_timeout: Option<Duration>,
    keep_providers: bool,
    keep_propagator: bool,
    pub(super) custom_exporters: CustomExporters,
}

/// Creates a builder for start-up with settings in code.
///
/// ```no_run
/// use otel_core::config::{ExporterName, SamplerChoice};
///
/// let _telemetry = otel_core::startup::builder()
///     .service_name("shop")
///     .resource_attribute("deployment.environment.name", "test")
///     .traces_exporters([ExporterName::Console])
///     .traces_sampler(SamplerChoice::ParentBasedTraceIdRatio(0.1))
///     .variable("OTEL_BSP_MAX_QUEUE_SIZE", "4096")
///     .init();
/// ```
pub fn builder() -> InitBuilder {
    InitBuilder::default()
}

impl InitBuilder {
    /// Sets any variable of [`config`](crate::config) by its name, as if it stood in the environment. An empty value
    /// unsets the variable.
    pub fn variable(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.setting(name, Setting::Text(value.into()))
    }

    /// `OTEL_CONFIG_FILE`: a configuration file, which takes the place of the environment. Other settings in code win over
    /// the file.
    pub fn config_file(self, file: impl AsRef<Path>) -> Self {
        self.setting("OTEL_CONFIG_FILE", Setting::Path(file.as_ref().to_owned()))
    }

    /// `OTEL_LOG_LEVEL`
    pub fn log_level(self, level: LogLevel) -> Self {
        self.variable("OTEL_LOG_LEVEL", level.to_string())
    }

    /// `OTEL_SDK_DISABLED`
    pub fn sdk_disabled(self, disabled: bool) -> Self {
        self.variable("OTEL_SDK_DISABLED", disabled.to_string())
    }

    /// `OTEL_SERVICE_NAME`
    pub fn service_name(self, name: impl Into<String>) -> Self {
        self.variable("OTEL_SERVICE_NAME", name)
    }

    /// Adds an attribute of the resource; it wins over one of the same name in `OTEL_RESOURCE_ATTRIBUTES`.
    pub fn resource_attribute(self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let (key, value) = (key.into(), value.into());
        if key == "service.name" {
            return self.service_name(value.as_str());
        }
        let mut this = self;
        this.attributes.push(KeyValue::new(key, value));
        this
    }

    /// `OTEL_RUST_DISABLED_INSTRUMENTATIONS`: calls by these libraries have no span, and pass no trace context on.
    pub fn disabled_instrumentations(self, libraries: impl IntoIterator<Item = ClientLibrary>) -> Self {
        self.names("OTEL_RUST_DISABLED_INSTRUMENTATIONS", libraries)
    }

    /// `OTEL_RUST_DB_RETURNED_ROWS`: the spans of queries have the number of rows, `db.response.returned_rows`.
    pub fn db_returned_rows(self, wanted: bool) -> Self {
        self.variable("OTEL_RUST_DB_RETURNED_ROWS", wanted.to_string())
    }

    /// `OTEL_RUST_RESOURCE_DETECTORS`; an empty list is `none`.
    pub fn resource_detectors(self, detectors: impl IntoIterator<Item = ResourceDetectorName>) -> Self {
        self.names("OTEL_RUST_RESOURCE_DETECTORS", detectors)
    }

    /// `OTEL_TRACES_EXPORTER`; an empty list is `none`.
    pub fn traces_exporters(self, exporters: impl IntoIterator<Item = ExporterName>) -> Self {
        self.names("OTEL_TRACES_EXPORTER", exporters)
    }

    /// `OTEL_METRICS_EXPORTER`; an empty list is `none`.
    pub fn metrics_exporters(self, exporters: impl IntoIterator<Item = ExporterName>) -> Self {
        self.names("OTEL_METRICS_EXPORTER", exporters)
    }

    /// `OTEL_LOGS_EXPORTER`; an empty list is `none`.
    pub fn logs_exporters(self, exporters: impl IntoIterator<Item = ExporterName>) -> Self {
        self.names("OTEL_LOGS_EXPORTER", exporters)
    }

    /// `OTEL_PROPAGATORS`; an empty list is `none`.
    pub fn propagators(self, propagators: impl IntoIterator<Item = PropagatorName>) -> Self {
        self.names("OTEL_PROPAGATORS", propagators)
    }

    /// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`
    pub fn traces_sampler(self, sampler: SamplerChoice) -> Self {
        let (name, argument) = sampler.variables();
        let argument = argument.map_or_else(String::new, |argument| argument.to_string());
        self.variable("OTEL_TRACES_SAMPLER", name).variable("OTEL_TRACES_SAMPLER_ARG", argument)
    }

    /// `OTEL_EXPORTER_OTLP_ENDPOINT`
    pub fn exporter_otlp_endpoint(self, url: impl Into<String>) -> Self {
        self.variable("OTEL_EXPORTER_OTLP_ENDPOINT", url)
    }

    /// `OTEL_SEMCONV_STABILITY_OPT_IN`, the part about HTTP.
    pub fn semconv(self, mode: SemconvMode) -> Self {
        let name = match mode {
            SemconvMode::Stable => "http",
            SemconvMode::Dup => "http/dup",
            SemconvMode::Old => "http/old",
        };
        self.variable("OTEL_SEMCONV_STABILITY_OPT_IN", name)
    }

    /// `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`
    pub fn http_known_methods<S: Into<String>>(self, methods: impl IntoIterator<Item = S>) -> Self {
        let methods = methods.into_iter().map(Into::into).collect();
        self.setting("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", Setting::List(methods))
    }

    /// The longest time for which the guard flushes and shuts down.
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.shutdown_timeout = Some(timeout);
        self
    }

    /// Leaves the global tracer and meter providers as they are and exports nothing. For an application with its own
    /// providers: instrumentation uses them, and the settings for HTTP and propagation apply.
    pub fn keep_providers(mut self) -> Self {
        self.keep_providers = true;
        self
    }

    /// Leaves the global propagator as it is, whatever `OTEL_PROPAGATORS` says.
    pub fn keep_propagator(mut self) -> Self {
        self.keep_propagator = true;
        self
    }

    /// Starts telemetry: reads the environment once, reports values that were not understood, and installs the
    /// providers.
    pub fn init(self) -> TelemetryGuard {
        if STARTED.swap(true, Ordering::SeqCst) {
            self_log::warn(format_args!("telemetry is already started; this second start does nothing"));
            return TelemetryGuard::idle();
        }
        let Self { settings, attributes, shutdown_timeout, keep_providers, keep_propagator, custom_exporters } = self;
        let (mut config, problems) = Config::over_env(&|name| settings.get(name).cloned());
        if custom_exporters.sampler.is_some() {
            // The custom sampler decides instead, so a setting that records nothing is no finding.
            config.traces.sampler = SamplerChoice::default();
        }
        self_log::set_level(config.log_level);

        for problem in &problems {
            self_log::warn(format_args!("{problem}"));
        }
        findings::set_settings(findings::NotedSettings::new(&config, problems));
        if !keep_propagator {
            propagation::install(&config.propagators);
        }
        crate::config::install_http_settings(config.http.clone());
        crate::config::install_client_switches(&config);
        if config.sdk_disabled {
            crate::suppress::disable();
            findings::set_status(StartupStatus::Disabled, false, false);
            self_log::info(format_args!("telemetry is off"));
            return TelemetryGuard::idle();
        }
        if keep_providers {
            findings::set_status(StartupStatus::Started, false, false);
            self_log::info(format_args!("telemetry goes to the application's own providers"));
            return TelemetryGuard::idle();
        }
        let deadline = shutdown_timeout.or(longest_export(&config)).unwrap_or(SHUTDOWN_DEADLINE);
        start(config, custom_exporters, &attributes, deadline)
    }

    pub(super) fn setting(mut self, name: impl Into<String>, value: Setting) -> Self {
        self.settings.insert(name.into(), value);
        self
    }

    fn names<N: ToString>(self, variable: &str, names: impl IntoIterator<Item = N>) -> Self {
        let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
        self.variable(variable, if names.is_empty() { "none".to_owned() } else { names.join(",") })
    }
}

impl fmt::Debug for InitBuilder {
    /// Shows the names of the variables. Their values may be credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InitBuilder").field("variables", &self.settings.keys()).finish_non_exhaustive()
    }
}

/// The time of shutting down if the last export of each signal times out. `None` unless the configuration sets
/// timeouts.
fn longest_export(config: &Config) -> Option<Duration> {
    let timeouts =
        [config.traces.batch.export_timeout, config.logs.batch.export_timeout, config.metrics.export_timeout];
    timeouts.into_iter().flatten().max().map(|timeout| timeout.saturating_add(SHUTDOWN_MARGIN))
}

fn start(config: Config, custom: CustomExporters, attributes: &[KeyValue], deadline: Duration) -> TelemetryGuard {
    let resource = resource::detect(&config, attributes);
    let service = resource::service_name(&resource);
    let settings = config.file.as_ref().and_then(|file| printable::path(file));
    let settings = settings.map(|file| format!("; settings of {file}")).unwrap_or_default();
    let sampler = custom.sampler.as_ref().map_or_else(|| config.traces.sampler.to_string(), |_| "custom".to_owned());
    let propagators = list(&config.propagators);
    let (log_level, record_limits) = (config.log_level, config.logs.limits);
    let runtime_metrics = config.runtime_metrics;
    let build = move || {
        let mut destinations = Destinations::new(&config);
        let viewer = LocalViewer::start(&config, resource::service_name(&resource).as_str().as_ref());
        let traces = traces::provider(
            &config.traces,
            custom.sampler,
            custom.spans,
            resource.clone(),
            &viewer,
            &mut destinations,
        );
        let logs = logs::pipeline(&config.logs, custom.logs, resource.clone(), &viewer, &mut destinations);
        let metrics = metrics::pipeline(&config.metrics, custom.metrics, resource, &viewer, &mut destinations);
        Pipeline { traces, logs, metrics, destinations }
    };
    let Some(pipeline) = deadline::elsewhere(build) else {
        self_log::error(format_args!("telemetry could not be started; the application runs without"));
        return TelemetryGuard::idle();
    };
    fork::started_here();
    global::set_tracer_provider(pipeline.traces.clone());
    if let Some(metrics) = &pipeline.metrics {
        self_metrics::observe_dropped_spans(&pipeline.traces, &metrics.provider);
        if runtime_metrics {
            self_metrics::observe_runtime(&metrics.provider);
        }
    }
    global::set_meter_provider(match &pipeline.metrics {
        Some(metrics) => Meters::Exported(metrics.provider.clone(), Arc::default()),
        None => Meters::Nowhere,
    });
    export_pools();
    if let Some(logs) = &pipeline.logs {
        crate::logs::install(logs.provider.clone(), record_limits);
    }
    let names = |destinations: &[Destination]| -> Vec<String> {
        destinations.iter().map(|destination| destination.name.clone()).collect()
    };
    let spans: Vec<String> = pipeline.traces.branches().iter().map(|branch| branch.destination.clone()).collect();
    let logs = pipeline.logs.as_ref().map(|logs| names(&logs.destinations)).unwrap_or_default();
    let metrics = pipeline.metrics.as_ref().map_or(&[][..], |metrics| &metrics.destinations);
    self_log::info(format_args!(
        "telemetry started: service {service}; spans to {}; logs to {}; metrics to {}; sampler {sampler}; propagators {propagators}{settings}",
        list(&spans),
        list(&logs),
        list(metrics),
    ));
    findings::set_exports(super::findings::exports);
    findings::set_status(StartupStatus::Started, !spans.is_empty(), pipeline.metrics.is_some());
    if log_level >= LogLevel::Debug {
        crate::diagnosis::report_soon();
    }
    RunningTelemetry { pipeline, deadline }.install();
    TelemetryGuard::new()
}

fn list<T: ToString>(items: &[T]) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
