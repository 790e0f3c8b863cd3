//! The bridge from `tracing`.

use std::fmt;

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_log::NormalizeEvent as _;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::limits::LimitedLogRecord;
use super::log_crate::new_record;
use super::logger::{GlobalLogger, GlobalLoggerProvider};
use crate::formatted::debugged;

/// A layer that makes a log record of each `tracing` event, with the ids of the current span, and hands it to the
/// exporters of `OTEL_LOGS_EXPORTER`. For the application's own subscriber, beside the layer that prints; it may be
/// made before or after telemetry starts. Events of the exporters themselves are left out.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt as _;
///
/// let subscriber = tracing_subscriber::registry().with(otel_core::logs::layer());
/// // .with(tracing_subscriber::fmt::layer()).init()
/// # drop(subscriber);
/// ```
///
/// Records of the `log` crate are exported, too, if they become `tracing` events, as they do after `init()` of a
/// subscriber (cargo feature `tracing-log` of `tracing-subscriber`, on by default).
///
/// For an application that has no subscriber and wants none, see [`try_init`](super::try_init).
#[must_use]
pub fn layer<S>() -> impl Layer<S> + Send + Sync + 'static
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    Bridge { events: OpenTelemetryTracingBridge::new(&GlobalLoggerProvider), records: GlobalLoggerProvider.logger("") }
}

struct Bridge {
    events: OpenTelemetryTracingBridge<GlobalLoggerProvider, GlobalLogger>,
    /// The logger for records of the `log` crate: as events they all have the target `log`, and their own target is a
    /// field.
    records: GlobalLogger,
}

impl<S> Layer<S> for Bridge
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        match event.normalized_metadata() {
            Some(metadata) => self.on_record(event, &metadata),
            None => self.events.on_event(event, context),
        }
    }
}

impl Bridge {
    fn on_record(&self, event: &Event<'_>, metadata: &Metadata<'_>) {
        let (severity, target) = (severity(*metadata.level()), metadata.target());
        if self.records.event_enabled(severity, target, None) {
            let mut record = new_record(&self.records, severity, metadata.level().as_str(), target);
            event.record(&mut MessageVisitor(&mut record));
            self.records.emit(record);
        }
    }
}

fn severity(level: Level) -> Severity {
    match level {
        Level::ERROR => Severity::Error,
        Level::WARN => Severity::Warn,
        Level::INFO => Severity::Info,
        Level::DEBUG => Severity::Debug,
        Level::TRACE => Severity::Trace,
    }
}

/// Copies the message of such an event; its other fields only repeat the metadata.
struct MessageVisitor<'a>(&'a mut LimitedLogRecord);

impl Visit for MessageVisitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0.set_body(debugged(value).into());
        }
    }
}
