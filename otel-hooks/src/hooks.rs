//! The runtime's functions, if the program has a runtime.

use std::sync::OnceLock;

use log::Record;
use tracing_core::Event;

static HOOKS: OnceLock<RuntimeFunctions> = OnceLock::new();

/// Functions of the runtime.
#[derive(Clone, Copy, Debug)]
pub struct RuntimeFunctions {
    /// Starts telemetry, once.
    pub start: fn(),
    /// Exports an event as a log record.
    pub record_event: fn(&Event<'_>),
    /// Exports a record of the `log` crate as a log record.
    pub record_log: fn(&Record<'_>),
}

/// Sets the functions. A second call changes nothing.
pub fn install(hooks: RuntimeFunctions) {
    let _ = HOOKS.set(hooks);
}

/// Starts telemetry, if the program has a runtime.
pub(crate) fn start() {
    if let Some(hooks) = HOOKS.get() {
        (hooks.start)();
    }
}

/// Exports an event that the application's subscriber has let through, if the program has a runtime.
///
/// The registry of the application's `tracing-subscriber` calls this, after the application's filters.
pub fn record_event(event: &Event<'_>) {
    if let Some(hooks) = HOOKS.get() {
        crate::log::event_is_exported();
        (hooks.record_event)(event);
    }
}

/// Exports a record that the application's logger has let through, if the program has a runtime.
pub(crate) fn record_log(record: &Record<'_>) {
    if let Some(hooks) = HOOKS.get() {
        (hooks.record_log)(record);
    }
}
