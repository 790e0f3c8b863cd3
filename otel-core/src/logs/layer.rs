//! The bridge from `tracing`.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::logs::SdkLogRecord;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_log::NormalizeEvent as _;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::log_crate::new_record;
use super::logger::{GlobalLogger, GlobalLoggerProvider};

static MADE: AtomicBool = AtomicBool::new(false);

/// Whether the application has made a layer.
pub(super) fn is_made() -> bool {
    MADE.load(Ordering::Relaxed)
}

/// A layer that makes a log record of each `tracing` event, with the ids of the span that is current, and hands it to
/// the exporters of `OTEL_LOGS_EXPORTER`. For the application's own subscriber, beside the layer that prints; it may be
/// made before or after telemetry starts. What the exporters themselves log is left out.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt as _;
///
/// let subscriber = tracing_subscriber::registry().with(otel_core::logs::layer());
/// // .with(tracing_subscriber::fmt::layer()).init()
/// # drop(subscriber);
/// ```
///
/// Records of the `log` crate come along where they end up in `tracing`, as they do after `init()` of a subscriber
/// (cargo feature `tracing-log` of `tracing-subscriber`, on by default).
///
/// An application without a subscriber needs no layer: when the first request comes and there still is none, and no
/// logger of the `log` crate either, events and records from `INFO` on are exported all the same. Neither is ever
/// replaced, and so nothing that is printed disappears.
pub fn layer<S>() -> impl Layer<S> + Send + Sync + 'static
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    MADE.store(true, Ordering::Relaxed);
    Bridge { events: OpenTelemetryTracingBridge::new(&GlobalLoggerProvider), records: GlobalLoggerProvider.logger("") }
}

struct Bridge {
    events: OpenTelemetryTracingBridge<GlobalLoggerProvider, GlobalLogger>,
    /// For records of the `log` crate: all of them have the target `log` here, and their own one among the fields.
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
            event.record(&mut Message(&mut record));
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

/// The one field of such an event that is not about where it came from.
struct Message<'a>(&'a mut SdkLogRecord);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0.set_body(format!("{value:?}").into());
        }
    }
}
