//! This project, set up as an application does it, in each of its states.

use std::time::Duration;

use opentelemetry_sdk::trace::Sampler;
use otel_actix::config::SamplerChoice;
use otel_actix::{InitBuilder, TelemetryGuard, builder};

use super::sdk;

/// What telemetry does with the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Spans are recorded.
    Spans,
    /// Spans and metrics are recorded.
    SpansAndMetrics,
    /// No span is sampled, whatever the caller did.
    SampledOut,
    /// `OTEL_SDK_DISABLED`
    Disabled,
    /// The path is one that `OTEL_RUST_EXCLUDED_URLS` excludes.
    Excluded,
}

/// Starts telemetry.
pub(super) fn start(state: State) -> TelemetryGuard {
    let builder = builder().shutdown_timeout(Duration::from_secs(1)).variable("OTEL_LOG_LEVEL", "warn");
    let builder = builder.variable("OTEL_BSP_MAX_QUEUE_SIZE", sdk::QUEUE.to_string());
    match state {
        State::Spans | State::SpansAndMetrics => to_nowhere(builder, SamplerChoice::ParentBasedAlwaysOn, state),
        State::SampledOut => to_nowhere(builder, SamplerChoice::AlwaysOff, state),
        State::Disabled => builder.sdk_disabled(true).init(),
        State::Excluded => {
            let builder = builder.variable("OTEL_RUST_EXCLUDED_URLS", "^/users/,^/health$");
            to_nowhere(builder, SamplerChoice::ParentBasedAlwaysOn, state)
        }
    }
}

/// Starts telemetry with exporters that take everything and do nothing. The one place that knows how.
fn to_nowhere(builder: InitBuilder, sampler: SamplerChoice, state: State) -> TelemetryGuard {
    let always_off = sampler == SamplerChoice::AlwaysOff;
    let guard = builder.traces_exporters([]).metrics_exporters([]).logs_exporters([]).traces_sampler(sampler).init();
    sdk::install_tracer_provider(if always_off {
        Sampler::AlwaysOff
    } else {
        Sampler::ParentBased(Box::new(Sampler::AlwaysOn))
    });
    if state == State::SpansAndMetrics {
        sdk::install_meter_provider();
    }
    guard
}
