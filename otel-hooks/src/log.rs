//! `log` with loggers whose records are exported, too: the application's copy of `log` re-exports these functions.

use std::cell::Cell;

use ::log::{Log, Metadata, Record, SetLoggerError};

use crate::hooks;

/// `log::set_logger`
///
/// # Errors
///
/// If there is a logger already.
pub fn set_logger(logger: &'static dyn Log) -> Result<(), SetLoggerError> {
    ::log::set_boxed_logger(Box::new(ExportedLogger(logger)))
}

/// `log::set_boxed_logger`
///
/// # Errors
///
/// If there is a logger already.
pub fn set_boxed_logger(logger: Box<dyn Log>) -> Result<(), SetLoggerError> {
    ::log::set_boxed_logger(Box::new(ExportedLogger(logger)))
}

thread_local! {
    /// `true` if an event has been exported on this thread since it was last set to `false`.
    static HAS_EVENT: Cell<bool> = const { Cell::new(false) };
}

/// Notes that this thread exports an event.
pub(crate) fn event_is_exported() {
    let _ = HAS_EVENT.try_with(|has_event| has_event.set(true));
}

/// A logger of the application. The records that it lets through are exported.
struct ExportedLogger<L>(L);

impl<L: std::ops::Deref<Target = dyn Log> + Send + Sync> Log for ExportedLogger<L> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.0.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        let _ = HAS_EVENT.try_with(|has_event| has_event.set(false));
        self.0.log(record);
        // The logger of `tracing-log` makes an event of the record, which is exported as such.
        let has_event = HAS_EVENT.try_with(Cell::get).unwrap_or_default();
        if !has_event && self.0.enabled(record.metadata()) {
            hooks::record_log(record);
        }
    }

    fn flush(&self) {
        self.0.flush();
    }
}
