//! Records of the `log` crate on their way to the exporters.

use log::kv::{Error, Key as LogKey, Value, VisitSource, VisitValue};
use log::{Level, LevelFilter, Log, Metadata, Record};
use opentelemetry::Key;
use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry_sdk::logs::SdkLogRecord;

use super::logger::{GlobalLogger, GlobalLoggerProvider};

/// A logger of the `log` crate that prints as it did, and exports what it prints, with the ids of the span that is
/// current. For an application whose own logger does not end up in `tracing`:
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
/// Loggers that hand their records to `tracing` need no such thing: [`layer`](super::layer) exports those, too. Both
/// together would export them twice.
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

/// Begins to export the records of an application that has no logger. Whether it has none.
pub(super) fn listen(level: LevelFilter) -> bool {
    let taken = log::set_boxed_logger(Box::new(ExportingLogger::new(Silent(level)))).is_ok();
    if taken {
        log::set_max_level(level);
    }
    taken
}

/// Prints nothing, for an application that prints nothing.
#[derive(Debug)]
struct Silent(LevelFilter);

impl Log for Silent {
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
    let mut exported = new_record(logger, severity, record.level().as_str(), record.target());
    exported.set_body(record.args().as_str().map_or_else(|| record.args().to_string().into(), AnyValue::from));
    // The visitor never fails; a source that does has told what it could.
    let _ = record.key_values().visit(&mut Attributes(&mut exported));
    logger.emit(exported);
}

pub(super) fn new_record(logger: &GlobalLogger, severity: Severity, text: &'static str, target: &str) -> SdkLogRecord {
    let mut record = logger.create_log_record();
    record.set_target(target.to_owned());
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

struct Attributes<'a>(&'a mut SdkLogRecord);

impl<'kvs> VisitSource<'kvs> for Attributes<'_> {
    fn visit_pair(&mut self, key: LogKey<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let mut visited = Visited(None);
        value.visit(&mut visited)?;
        if let Some(value) = visited.0 {
            self.0.add_attribute(Key::new(key.to_string()), value);
        }
        Ok(())
    }
}

/// A value in its own type, as far as records have it.
struct Visited(Option<AnyValue>);

impl VisitValue<'_> for &mut Visited {
    fn visit_any(&mut self, value: Value<'_>) -> Result<(), Error> {
        self.0 = Some(value.to_string().into());
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
