//! Start-up, as `main`'s attribute asks for it.

use otel_core::startup::{TelemetryGuard, builder};

/// What the attribute's arguments say about start-up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start {
    /// `service_name = ".."`
    pub service_name: Option<&'static str>,
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
