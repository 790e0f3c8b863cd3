//! What flushes and shuts telemetry down.

use std::time::Duration;

use super::pipeline::Pipeline;

/// Keeps telemetry running. Dropping it exports what is still queued and shuts telemetry down.
///
/// Bind it in `main` to a name (`let _telemetry = …`; a lone `_` would drop it at once). The work happens on a thread
/// of its own and within a deadline (the longest export timeout that is set, `OTEL_BSP_EXPORT_TIMEOUT` for one, else
/// 5 s), so dropping the guard can neither deadlock nor hang, whatever the runtime. [`std::process::exit`] runs no
/// destructors: call [`shutdown`](Self::shutdown) before it.
#[must_use = "telemetry stops when the guard is dropped; bind it: `let _telemetry = …;`"]
#[derive(Debug)]
pub struct TelemetryGuard {
    pipeline: Option<Pipeline>,
    deadline: Duration,
}

impl TelemetryGuard {
    pub(super) fn new(pipeline: Option<Pipeline>, deadline: Duration) -> Self {
        Self { pipeline, deadline }
    }

    /// A guard of nothing.
    pub(super) fn idle() -> Self {
        Self::new(None, Duration::ZERO)
    }

    /// Exports what is queued, within the deadline. Returns whether everything was handed over in time.
    #[must_use = "false means that telemetry may still be queued"]
    pub fn force_flush(&self) -> bool {
        self.pipeline.as_ref().is_none_or(|pipeline| pipeline.flush(self.deadline))
    }

    /// Exports what is queued and shuts telemetry down; the same as dropping the guard.
    pub fn shutdown(self) {
        drop(self);
    }
}

impl Drop for TelemetryGuard {
    fn drop(&mut self) {
        if let Some(pipeline) = self.pipeline.take() {
            pipeline.shut_down(self.deadline);
        }
    }
}
