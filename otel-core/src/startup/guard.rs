//! What flushes and shuts telemetry down.

use std::time::Duration;

use opentelemetry_sdk::trace::SdkTracerProvider;

use super::deadline;
use crate::diagnostics;

/// Keeps telemetry running. Dropping it exports what is still queued and shuts telemetry down.
///
/// Bind it in `main` to a name (`let _telemetry = …`; a lone `_` would drop it at once). The work happens on a thread
/// of its own and within a deadline (`OTEL_BSP_EXPORT_TIMEOUT` if set, else 5 s), so dropping the guard can neither
/// deadlock nor hang, whatever the runtime. [`std::process::exit`] runs no destructors: call
/// [`shutdown`](Self::shutdown) before it.
#[must_use = "telemetry stops when the guard is dropped; bind it: `let _telemetry = …;`"]
#[derive(Debug)]
pub struct TelemetryGuard {
    provider: Option<SdkTracerProvider>,
    deadline: Duration,
}

impl TelemetryGuard {
    pub(super) fn new(provider: Option<SdkTracerProvider>, deadline: Duration) -> Self {
        Self { provider, deadline }
    }

    /// A guard of nothing.
    pub(super) fn idle() -> Self {
        Self::new(None, Duration::ZERO)
    }

    /// Exports what is queued, within the deadline. Returns whether everything was handed over in time.
    #[must_use = "false means that spans may still be queued"]
    pub fn force_flush(&self) -> bool {
        let Some(provider) = self.provider.clone() else { return true };
        deadline::within(self.deadline, move || provider.force_flush().is_ok()).unwrap_or(false)
    }

    /// Exports what is queued and shuts telemetry down; the same as dropping the guard.
    pub fn shutdown(self) {
        drop(self);
    }
}

impl Drop for TelemetryGuard {
    fn drop(&mut self) {
        let Some(provider) = self.provider.take() else { return };
        let allowed = self.deadline;
        // The SDK's own limit is the outer one, so that ours decides and this function reports it.
        let inner = allowed.saturating_mul(2);
        // An export that failed has been reported by its exporter; only silence is reported here.
        if deadline::within(allowed, move || drop(provider.shutdown_with_timeout(inner))).is_none() {
            diagnostics::warn(format_args!(
                "telemetry was not shut down within {allowed:?}; spans that were still queued are lost"
            ));
        }
    }
}
