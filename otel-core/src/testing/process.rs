//! The providers of a test process.

use std::sync::LazyLock;
use std::time::Duration;

use opentelemetry::{InstrumentationScope, global};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord, SdkLoggerProvider};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanExporter};

use super::store::Store;
use super::{LogData, measurement};
use crate::config::{LogRecordLimitSettings, PropagatorName};
use crate::propagation;

static STORE: LazyLock<Store> = LazyLock::new(Store::default);

/// The telemetry of all tests of this process. The first use installs providers and propagators.
pub(super) fn store() -> &'static Store {
    static INSTALLED: LazyLock<()> = LazyLock::new(install);
    LazyLock::force(&INSTALLED);
    &STORE
}

fn install() {
    global::set_tracer_provider(tracer_provider());
    global::set_meter_provider(measurement::TestMeters(&STORE));
    // Fails if there is one already: start-up must not be called in such a process.
    let logs = SdkLoggerProvider::builder().with_log_processor(InMemory(&STORE)).build();
    crate::logs::install(logs, LogRecordLimitSettings::default());
    let names = [PropagatorName::TraceContext, PropagatorName::Baggage];
    global::set_text_map_propagator(propagation::composite(&names));
}

/// Spans are in memory as soon as they end.
fn tracer_provider() -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
        .with_simple_exporter(InMemory(&STORE))
        .build()
}

/// Keeps spans and log records.
#[derive(Clone, Copy, Debug)]
struct InMemory(&'static Store);

impl SpanExporter for InMemory {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        for span in batch {
            self.0.add(span.span_context.trace_id(), |recorded| recorded.spans.push(span));
        }
        Ok(())
    }
}

/// A processor and no exporter: it is called on the thread that logs, and needs no copy of a batch.
impl LogProcessor for InMemory {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        let Some(trace) = record.trace_context().map(|context| context.trace_id) else { return };
        self.0.add(trace, |recorded| recorded.logs.push(LogData::new(record.clone(), scope.clone())));
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
