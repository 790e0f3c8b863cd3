//! The runtime's functions, if the program has a runtime.

use std::error::Error;
use std::fmt::Display;
use std::io;
use std::sync::OnceLock;

use log::Record;
use opentelemetry::{Context, ContextGuard};
use tracing_core::Event;

use crate::client::{DatabaseCall, HttpCall};
use crate::config::ClientLibrary;
use crate::database::DatabaseFacts;
use crate::http::ClientRequestFacts;

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
    /// Returns the current context, if it holds anything for a spawned task.
    pub context_to_carry: fn() -> Option<Context>,
    /// Returns the current context, if telemetry is suppressed in it.
    pub context_if_suppressed: fn() -> Option<Context>,
    /// Makes a context current while a value is dropped.
    pub attach_to_drop: fn(&Context) -> Option<ContextGuard>,
    /// Returns `true` if calls by this library have spans.
    pub is_enabled: fn(ClientLibrary) -> bool,
    /// Starts the span of an HTTP request.
    pub start_http_call: fn(&ClientRequestFacts<'_>) -> Box<dyn HttpCall>,
    /// Starts the span of a call to a database.
    pub start_database_call: fn(&DatabaseFacts<'_>) -> Box<dyn DatabaseCall>,
    /// Calls a function that gives up calls whose time is over.
    pub time_out: fn(&mut dyn FnMut()),
    /// Finds the word for an error.
    pub error_type_of: fn(&(dyn Error + 'static)) -> Option<&'static str>,
    /// Finds the word for a kind of I/O errors.
    pub io_error_type: fn(io::ErrorKind) -> Option<&'static str>,
    /// Formats a value of the application, whose formatting may fail.
    pub displayed: fn(&dyn Display) -> String,
}

/// Sets the functions. A second call changes nothing.
pub fn install(hooks: RuntimeFunctions) {
    let _ = HOOKS.set(hooks);
}

/// The functions, if the program has a runtime.
pub(crate) fn get() -> Option<&'static RuntimeFunctions> {
    HOOKS.get()
}

/// Starts telemetry, if the program has a runtime.
pub(crate) fn start() {
    let _ = started(|_| ());
}

/// Starts telemetry and calls `f`, if the program has a runtime.
pub(crate) fn started<R>(f: impl FnOnce(&RuntimeFunctions) -> R) -> Option<R> {
    let hooks = HOOKS.get()?;
    (hooks.start)();
    Some(f(hooks))
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

/// The current context, if it holds anything for a spawned task.
pub(crate) fn context_to_carry() -> Option<Context> {
    HOOKS.get().and_then(|hooks| (hooks.context_to_carry)())
}

/// The current context, if telemetry is suppressed in it.
pub(crate) fn context_if_suppressed() -> Option<Context> {
    HOOKS.get().and_then(|hooks| (hooks.context_if_suppressed)())
}

/// Makes a context current while a value is dropped, if the program has a runtime.
pub(crate) fn attach_to_drop(context: &Context) -> Option<ContextGuard> {
    HOOKS.get().and_then(|hooks| (hooks.attach_to_drop)(context))
}
