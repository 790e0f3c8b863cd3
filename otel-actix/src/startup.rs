//! Start-up of an application: telemetry, and the client libraries that can be instrumented without a line.

use otel_core::startup::{InitBuilder, TelemetryGuard};

/// Creates a builder for start-up with settings in code.
///
/// ```no_run
/// use otel_actix::config::{ExporterName, SamplerChoice};
///
/// let _telemetry = otel_actix::builder()
///     .service_name("shop")
///     .resource_attribute("deployment.environment.name", "test")
///     .traces_exporters([ExporterName::Console])
///     .traces_sampler(SamplerChoice::ParentBasedTraceIdRatio(0.1))
///     .variable("OTEL_BSP_MAX_QUEUE_SIZE", "4096")
///     .init();
/// ```
pub fn builder() -> InitBuilder {
    #[cfg(feature = "diesel-2")]
    otel_clients::diesel_2::install();
    otel_core::startup::builder()
}

/// Starts telemetry from the environment. Call it once, before everything else, inside or outside an async runtime.
///
/// Never fails and never panics: a part that cannot be started is a warning, and the application goes on.
/// A second call does nothing but warn.
pub fn init() -> TelemetryGuard {
    builder().init()
}
