//! The guard that flushes and shuts telemetry down.

use super::running::{RunningTelemetry, shutdown};
use crate::fork;

/// Keeps telemetry running. Dropping it exports all queued telemetry and shuts down.
///
/// Bind it in `main` to a name (`let _telemetry = …`; a lone `_` would drop it at once). The work happens on a thread
/// of its own and within a deadline (the longest export timeout that is set, for example `OTEL_BSP_EXPORT_TIMEOUT`; 5 s if
/// none is set), so dropping the guard can neither deadlock nor hang, whatever the runtime. [`std::process::exit`] runs no
/// destructors: call [`exit`](super::exit) instead, or [`shutdown`] before it.
#[must_use = "telemetry stops when the guard is dropped; bind it: `let _telemetry = …;`"]
#[derive(Debug)]
pub struct TelemetryGuard {
    /// `true` if this guard ends telemetry.
    ends_telemetry: bool,
}

impl TelemetryGuard {
    /// The guard of telemetry that was installed.
    pub(super) fn new() -> Self {
        Self { ends_telemetry: true }
    }

    /// A guard that does nothing.
    pub(super) fn idle() -> Self {
        Self { ends_telemetry: false }
    }

    /// Exports all queued telemetry, within the deadline. Returns `true` if that succeeded in time.
    #[must_use = "false means that telemetry may still be queued"]
    pub fn force_flush(&self) -> bool {
        if fork::is_child() {
            return false;
        }
        let running = if self.ends_telemetry { RunningTelemetry::current() } else { None };
        running.is_none_or(|RunningTelemetry { pipeline, deadline }| pipeline.flush(deadline))
    }

    /// Exports all queued telemetry and shuts down; the same as dropping the guard.
    pub fn shutdown(self) {
        drop(self);
    }
}

impl Drop for TelemetryGuard {
    fn drop(&mut self) {
        if self.ends_telemetry {
            shutdown();
        }
    }
}
