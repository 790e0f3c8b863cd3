//! Start-up by the attribute on `main`.

use otel_core::diagnosis::OpenTelemetryVersion;
use otel_core::findings::found_versions;
use otel_core::startup::TelemetryGuard;

use crate::startup::builder;

/// The attribute's arguments about start-up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start {
    /// `service_name = ".."`
    pub service_name: Option<&'static str>,
}

impl Start {
    /// Sets the versions of the OpenTelemetry API in the build and the crates that use them, if there are several.
    #[must_use]
    pub fn with_versions(self, versions: &[(&str, &str)]) -> Self {
        let versions = versions.iter().map(|(version, used_by)| OpenTelemetryVersion::new(*version, *used_by));
        found_versions(versions.collect());
        self
    }
}

/// Starts telemetry from the environment; the arguments of the attribute win over it.
pub fn start(arguments: Start) -> TelemetryGuard {
    let builder = builder();
    match arguments.service_name {
        Some(name) => builder.service_name(name),
        None => builder,
    }
    .init()
}
