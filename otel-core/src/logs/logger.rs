//! The logger provider of this process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, OnceLock};
use std::thread;

use opentelemetry::logs::{Logger, LoggerProvider, Severity};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::logs::{SdkLogger, SdkLoggerProvider};

use super::limits::LimitedLogRecord;
use crate::clock::Timestamp;
use crate::config::LogRecordLimitSettings;
use crate::fork;

static PROVIDER: OnceLock<(SdkLoggerProvider, LogRecordLimitSettings)> = OnceLock::new();

/// `true` once a logger was created.
static USED: AtomicBool = AtomicBool::new(false);

/// The logger before there is a provider. It has no exporter.
static IDLE: LazyLock<SdkLogger> = LazyLock::new(|| {
    let _quiet = Context::enter_telemetry_suppressed_scope();
    let resource = opentelemetry_sdk::Resource::builder_empty().build();
    SdkLoggerProvider::builder().with_resource(resource).build().logger("")
});

/// The name of the threads that export by gRPC. Exporting the records of their libraries would make further records, without
/// end. Exports over HTTP run in a context that leaves no telemetry.
pub(crate) const GRPC_THREAD: &str = "otel-actix-grpc";

/// Installs the provider of this process. Returns `false` if there is one already.
pub(crate) fn install(provider: SdkLoggerProvider, limits: LogRecordLimitSettings) -> bool {
    PROVIDER.set((provider, limits)).is_ok()
}

/// Returns `true` if log records are exported and the application cannot make one: it has no layer and no logger.
pub(crate) fn is_unused() -> bool {
    PROVIDER.get().is_some() && !USED.load(Ordering::Relaxed)
}

/// Makes loggers that use the provider of start-up, even if they are made earlier. Until then, and with
/// `OTEL_LOGS_EXPORTER=none`, their records are dropped.
///
/// ```
/// use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
///
/// let logger = otel_core::logs::GlobalLoggerProvider.logger("shop");
/// let mut record = logger.create_log_record();
/// record.set_body("sold".into());
/// logger.emit(record);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct GlobalLoggerProvider;

impl LoggerProvider for GlobalLoggerProvider {
    type Logger = GlobalLogger;

    fn logger_with_scope(&self, scope: InstrumentationScope) -> GlobalLogger {
        USED.store(true, Ordering::Relaxed);
        GlobalLogger { scope, logger: OnceLock::new() }
    }
}

/// A logger of [`GlobalLoggerProvider`].
#[derive(Debug)]
pub struct GlobalLogger {
    scope: InstrumentationScope,
    logger: OnceLock<SdkLogger>,
}

impl GlobalLogger {
    fn logger(&self) -> Option<&SdkLogger> {
        if let Some(logger) = self.logger.get() {
            return Some(logger);
        }
        let (provider, _) = PROVIDER.get()?;
        // The SDK logs the creation of a logger. That event must not call this function again.
        let _quiet = Context::enter_telemetry_suppressed_scope();
        Some(self.logger.get_or_init(|| provider.logger_with_scope(self.scope.clone())))
    }
}

impl Logger for GlobalLogger {
    type LogRecord = LimitedLogRecord;

    fn create_log_record(&self) -> LimitedLogRecord {
        let limits = PROVIDER.get().map(|(_, limits)| *limits).unwrap_or_default();
        LimitedLogRecord::new(self.logger().unwrap_or_else(|| &IDLE).create_log_record(), limits)
    }

    fn emit(&self, record: LimitedLogRecord) {
        if is_quiet() {
            return;
        }
        if let Some(logger) = self.logger().filter(|_| !fork::is_child_at(Timestamp::now())) {
            logger.emit(record.record);
        }
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        !is_quiet() && self.logger().is_some_and(|logger| logger.event_enabled(level, target, name))
    }
}

/// Returns `true` if no record may be made here: telemetry is suppressed, or this is a thread that exports. Checked
/// first, because creating a logger can re-enter.
fn is_quiet() -> bool {
    thread_local! {
        static EXPORTS: bool = thread::current().name() == Some(GRPC_THREAD);
    }
    // The thread-local value is gone while a thread ends.
    Context::is_current_telemetry_suppressed() || EXPORTS.try_with(|exports| *exports).unwrap_or(true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use opentelemetry::logs::LogRecord as _;
    use opentelemetry_sdk::logs::InMemoryLogExporter;

    use super::*;

    #[test]
    fn loggers_work_from_the_installation_on_but_not_on_exporting_threads() {
        let early = GlobalLoggerProvider.logger("early");
        let emit = |logger: &GlobalLogger, body: &'static str| {
            let mut record = logger.create_log_record();
            record.set_body(body.into());
            logger.emit(record);
        };
        assert!(!early.event_enabled(Severity::Error, "", None));
        emit(&early, "lost");

        let exporter = InMemoryLogExporter::default();
        let provider = SdkLoggerProvider::builder().with_simple_exporter(exporter.clone()).build();
        assert!(install(provider.clone(), LogRecordLimitSettings::default()));
        assert!(early.event_enabled(Severity::Error, "", None));
        emit(&early, "kept");
        let emit_on_thread = |name: &str, body: &'static str, is_enabled: bool| {
            thread::scope(|scope| {
                let thread = thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, || {
                    assert_eq!(early.event_enabled(Severity::Error, "", None), is_enabled);
                    emit(&early, body);
                });
                thread.unwrap().join().unwrap();
            });
        };
        emit_on_thread(GRPC_THREAD, "about an export", false);
        // A thread of the application's own `reqwest::blocking::Client`.
        emit_on_thread("reqwest-internal-sync-runtime", "about a call", true);
        let logs = exporter.get_emitted_logs().unwrap();
        let ours: Vec<_> = logs.iter().filter(|log| log.instrumentation.name() == "early").collect();
        let bodies: Vec<_> = ours.iter().filter_map(|log| log.record.body()).collect();
        assert_eq!(bodies, [&"kept".into(), &"about a call".into()]);
        assert!(!install(provider, LogRecordLimitSettings::default()), "there is one per process");
    }
}
