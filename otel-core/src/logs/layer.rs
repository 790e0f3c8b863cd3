//! The bridge from `tracing`.

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_log::NormalizeEvent as _;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::fields::{EventFields, LogMessage};
use super::log_crate::new_record;
use super::logger::{GlobalLogger, GlobalLoggerProvider};

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
/// A field keeps its type if log records have it, else it becomes text; a value that fails to format itself is
/// [recorded as such](crate::formatted).
///
/// For an application that has no subscriber and wants none, see [`try_init`](super::try_init).
#[must_use]
pub fn layer<S: Subscriber>() -> impl Layer<S> + Send + Sync + 'static {
    Bridge { logger: GlobalLoggerProvider.logger("") }
}

/// Makes the log records.
struct Bridge {
    logger: GlobalLogger,
}

impl<S: Subscriber> Layer<S> for Bridge {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        match event.normalized_metadata() {
            Some(metadata) => self.export_record(event, &metadata),
            None => self.export_event(event),
        }
    }
}

impl Bridge {
    fn export_event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let (severity, target, name) = (severity(*metadata.level()), metadata.target(), metadata.name());
        if self.logger.event_enabled(severity, target, Some(name)) {
            let mut record = new_record(&self.logger, severity, metadata.level().as_str(), target);
            record.set_event_name(name);
            event.record(&mut EventFields(&mut record));
            self.logger.emit(record);
        }
    }

    /// Exports a record of the `log` crate. As an event it has the target `log`, and its own target is a field.
    fn export_record(&self, event: &Event<'_>, metadata: &Metadata<'_>) {
        let (severity, target) = (severity(*metadata.level()), metadata.target());
        if self.logger.event_enabled(severity, target, None) {
            let mut record = new_record(&self.logger, severity, metadata.level().as_str(), target.to_owned());
            event.record(&mut LogMessage(&mut record));
            self.logger.emit(record);
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
