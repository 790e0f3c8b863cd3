//! This project, set up as an application does it, in each of its states.

use std::error::Error;
use std::time::Duration;

use opentelemetry::global;
use otel_actix::config::{BatchSettings, ExporterName, SamplerChoice};
use otel_actix::{InitBuilder, builder};
use otel_core::recorder::TracerProvider;

use super::{Export, Installed, Signals, State, sdk};

/// Starts telemetry.
pub(super) fn install(state: State, export: Export) -> Result<Installed, Box<dyn Error>> {
    let sampler = match state {
        State::SampledOut => SamplerChoice::AlwaysOff,
        _ => SamplerChoice::ParentBasedAlwaysOn,
    };
    let builder = builder()
        .traces_sampler(sampler)
        .sdk_disabled(state == State::Disabled)
        .logs_exporters([])
        .shutdown_timeout(Duration::from_secs(60))
        .variable("OTEL_LOG_LEVEL", "warn")
        .variable("OTEL_BSP_MAX_QUEUE_SIZE", sdk::QUEUE.to_string());
    let builder = match state {
        State::Excluded => builder.variable("OTEL_RUST_EXCLUDED_URLS", "^/users/,^/health$"),
        _ => builder,
    };
    match export {
        Export::Nowhere => to_nowhere(builder, sampler, state),
        Export::Otlp => {
            let metrics = (state == State::Sampled(Signals::SpansAndMetrics)).then_some(ExporterName::Otlp);
            Ok(builder.traces_exporters([ExporterName::Otlp]).metrics_exporters(metrics).init().into())
        }
    }
}

/// Starts telemetry with exporters that take everything and do nothing. The one place that knows how.
fn to_nowhere(builder: InitBuilder, sampler: SamplerChoice, state: State) -> Result<Installed, Box<dyn Error>> {
    let installed = Installed::from(builder.traces_exporters([]).metrics_exporters([]).init());
    if state == State::Disabled {
        return Ok(installed);
    }
    // Start-up knows no exporter that does nothing: its provider without exporters makes way for one with such.
    let mut batch = BatchSettings::default();
    batch.max_queue_size = sdk::QUEUE;
    let provider =
        TracerProvider::builder().with_sampler_choice(sampler).with_batch(batch).with_exporter(sdk::Nowhere).build();
    global::set_tracer_provider(provider.clone());
    let installed = installed.finish(move || drop(provider.shutdown()));
    match state {
        State::Sampled(Signals::SpansAndMetrics) => sdk::install_meter_provider(installed, Export::Nowhere),
        _ => Ok(installed),
    }
}
