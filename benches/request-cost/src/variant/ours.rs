//! This project, set up as in an application, in each of its states.

use std::time::Duration;

use otel_actix::config::{ExporterName, SamplerChoice};
use otel_actix::{InitBuilder, builder};

use super::{Export, Installed, Signals, State, sdk};

/// Starts telemetry.
pub(super) fn install(state: State, export: Export) -> Installed {
    let sampler = match state {
        State::SampledOut => SamplerChoice::AlwaysOff,
        _ => SamplerChoice::ParentBasedAlwaysOn,
    };
    let builder = builder()
        .traces_sampler(sampler)
        .sdk_disabled(state == State::Disabled)
        .logs_exporters([])
        .shutdown_timeout(Duration::from_secs(60))
        .variable("OTEL_LOG_LEVEL", "warn");
    let builder = match state {
        State::Excluded => builder.variable("OTEL_RUST_EXCLUDED_URLS", "^/users/,^/health$"),
        State::RuntimeMetrics => builder.variable("OTEL_RUST_RUNTIME_METRICS", "true"),
        _ => builder,
    };
    match export {
        _ if state == State::Viewer => {
            let exporters = || [ExporterName::Viewer];
            builder.traces_exporters(exporters()).metrics_exporters(exporters()).init().into()
        }
        Export::Nowhere => to_nowhere(builder, state),
        Export::Otlp => {
            let metrics = has_metrics(state).then_some(ExporterName::Otlp);
            builder.traces_exporters([ExporterName::Otlp]).metrics_exporters(metrics).init().into()
        }
    }
}

/// Starts telemetry with exporters that take everything and do nothing.
fn to_nowhere(builder: InitBuilder, state: State) -> Installed {
    let builder = builder.traces_exporters([]).metrics_exporters([]).span_exporter(sdk::Nowhere);
    if has_metrics(state) { builder.metric_exporter(sdk::Nowhere) } else { builder }.init().into()
}

/// Returns `true` if metrics are exported, to the viewer aside.
fn has_metrics(state: State) -> bool {
    matches!(state, State::Sampled(Signals::SpansAndMetrics) | State::RuntimeMetrics)
}
