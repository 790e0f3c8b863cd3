//! Records of the `log` crate → log records.

use std::borrow::Cow;

use log::kv::{Error, Key as LogKey, Value, VisitSource, VisitValue};
use log::{Level, LevelFilter, Log, Metadata, Record};
use opentelemetry::Key;
use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _, Severity};

use super::limits::LimitedLogRecord;
use super::logger::{GlobalLogger, GlobalLoggerProvider};
use crate::formatted::displayed;
use crate::panics::caught;

/// A logger of the `log` crate that prints as the wrapped one does, and exports each record that it prints, with the ids
/// of the current span. For an application whose logger does not hand its records to `tracing`:
///
/// ```
/// # struct Printing;
/// # impl log::Log for Printing {
/// #     fn enabled(&self, _: &log::Metadata<'_>) -> bool { true }
/// #     fn log(&self, _: &log::Record<'_>) {}
/// #     fn flush(&self) {}
/// # }
/// # let logger = Printing;
/// // let logger = env_logger::Builder::from_default_env().build();
/// log::set_boxed_logger(Box::new(otel_core::logs::ExportingLogger::new(logger)))?;
/// log::set_max_level(log::LevelFilter::Info);
/// # Ok::<_, log::SetLoggerError>(())
/// ```
///
/// Records that a logger hands to `tracing` are exported by [`layer`](super::layer); with both, they would be exported
/// twice.
#[derive(Debug)]
pub struct ExportingLogger<L> {
    inner: L,
    logger: GlobalLogger,
}

impl<L: Log> ExportingLogger<L> {
    /// Wraps the logger that prints.
    pub fn new(inner: L) -> Self {
        Self { inner, logger: GlobalLoggerProvider.logger("") }
    }
}

impl<L: Log> Log for ExportingLogger<L> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.inner.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        self.inner.log(record);
        if self.inner.enabled(record.metadata()) {
            export(&self.logger, record);
        }
    }

    fn flush(&self) {
        self.inner.flush();
    }
}

/// Sets a logger that exports and prints nothing, unless the application has a logger.
pub(super) fn export_only(level: LevelFilter) {
    if log::set_boxed_logger(Box::new(ExportingLogger::new(SilentLogger(level)))).is_ok() {
        log::set_max_level(level);
    }
}

/// Prints nothing.
#[derive(Debug)]
struct SilentLogger(LevelFilter);

impl Log for SilentLogger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= self.0
    }

    fn log(&self, _: &Record<'_>) {}

    fn flush(&self) {}
}

fn export(logger: &GlobalLogger, record: &Record<'_>) {
    let severity = severity(record.level());
    if !logger.event_enabled(severity, record.target(), None) {
        return;
    }
    let mut exported = new_record(logger, severity, record.level().as_str(), record.target().to_owned());
    exported.set_body(record.args().as_str().map_or_else(|| displayed(record.args()).into(), AnyValue::from));
    // The visitor never fails. If a source fails or panics, the pairs before the failure are kept.
    let _ = caught(|| record.key_values().visit(&mut PairVisitor(&mut exported)));
    logger.emit(exported);
}

pub(super) fn new_record(
    logger: &GlobalLogger,
    severity: Severity,
    text: &'static str,
    target: impl Into<Cow<'static, str>>,
) -> LimitedLogRecord {
    let mut record = logger.create_log_record();
    record.set_target(target);
    record.set_severity_number(severity);
    record.set_severity_text(text);
    record
}

fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warn => Severity::Warn,
        Level::Info => Severity::Info,
        Level::Debug => Severity::Debug,
        Level::Trace => Severity::Trace,
    }
}

struct PairVisitor<'a>(&'a mut LimitedLogRecord);

impl<'kvs> VisitSource<'kvs> for PairVisitor<'_> {
    fn visit_pair(&mut self, key: LogKey<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let mut visited = Visited(None);
        value.visit(&mut visited)?;
        if let Some(value) = visited.0 {
            self.0.add_attribute(Key::new(key.to_string()), value);
        }
        Ok(())
    }
}

/// The value in its own type if log records have that type, else as text.
struct Visited(Option<AnyValue>);

impl VisitValue<'_> for &mut Visited {
    fn visit_any(&mut self, value: Value<'_>) -> Result<(), Error> {
        self.0 = Some(displayed(&value).into());
        Ok(())
    }

    fn visit_null(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), Error> {
        self.0 = Some(value.into());
        Ok(())
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), Error> {
        self.0 = Some(value.into());
        Ok(())
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), Error> {
        self.0 = Some(i64::try_from(value).map_or_else(|_| value.to_string().into(), AnyValue::from));
        Ok(())
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), Error> {
        self.0 = Some(value.into());
        Ok(())
    }
}
