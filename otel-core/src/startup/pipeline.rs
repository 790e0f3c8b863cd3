//! What `init` built, as far as it has to be ended again.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::trace::SdkTracerProvider;

use super::counting::Counts;
use super::deadline;
use crate::diagnostics;

/// The provider, and the way of its spans to each exporter.
#[derive(Clone, Debug)]
pub(super) struct Pipeline {
    pub(super) provider: SdkTracerProvider,
    pub(super) destinations: Vec<Destination>,
}

/// One exporter.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    pub(super) name: String,
    pub(super) counts: Arc<Counts>,
}

impl Pipeline {
    /// Hands over what is queued. Whether that succeeded in time.
    pub(super) fn flush(&self, allowed: Duration) -> bool {
        let provider = self.provider.clone();
        deadline::within(allowed, move || provider.force_flush().is_ok()).unwrap_or(false)
    }

    /// Hands over what is queued and ends the provider, then tells what was lost on the way. Exports that failed have
    /// been told by their exporter.
    pub(super) fn shut_down(self, allowed: Duration) {
        let provider = self.provider.clone();
        // The SDK's own limit is the outer one, so that ours decides and this function reports it.
        let inner = allowed.saturating_mul(2);
        let in_time = deadline::within(allowed, move || drop(provider.shutdown_with_timeout(inner))).is_some();
        for Destination { name, counts } in &self.destinations {
            match counts.outstanding() {
                0 => {}
                spans if in_time => diagnostics::warn(format_args!(
                    "spans lost on the way to {name}: {spans}; its queue was full (OTEL_BSP_MAX_QUEUE_SIZE) or they ended too late"
                )),
                spans => diagnostics::warn(format_args!("{name} did not end within {allowed:?}; spans lost: {spans}")),
            }
        }
    }
}
