//! Messages of telemetry about itself, for the operator. Nothing else in this library writes to standard error.
//!
//! Telemetry starts before the application's own logging, so a message is a line on standard error until a `tracing`
//! subscriber is set, and then an event (target `otel_actix`). A warning is also written to standard error if the
//! subscriber's filter leaves it out: silent exporters are the most reported trouble with telemetry.
//! `OTEL_LOG_LEVEL=off` silences everything.

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
#[cfg(all(feature = "_otlp", feature = "_tls"))]
use std::sync::{Mutex, PoisonError};

use crate::config::LogLevel;
use crate::plain::Plain;

/// The level up to which messages are written, as its position among the levels.
static LEVEL: AtomicU8 = AtomicU8::new(LogLevel::Info as u8);

/// `true` once the `tracing` subscriber of this process is the one that exports log records: it prints nothing.
static SUBSCRIBER_IS_OURS: AtomicBool = AtomicBool::new(false);

/// The `tracing` subscriber of this process prints nothing: messages go to standard error beside it.
pub(crate) fn set_subscriber_is_ours() {
    SUBSCRIBER_IS_OURS.store(true, Ordering::Relaxed);
}

/// Sets how much is written from now on.
pub fn set_level(level: LogLevel) {
    LEVEL.store(level as u8, Ordering::Relaxed);
}

/// Reports that telemetry does not work at all, or that a signal is lost.
pub fn error(message: fmt::Arguments<'_>) {
    write(LogLevel::Error, message);
}

/// Reports a state that the operator did not configure.
pub fn warn(message: fmt::Arguments<'_>) {
    write(LogLevel::Warn, message);
}

/// Reports a warning on standard error alone, from code that the application's `tracing` subscriber may have called: the
/// subscriber may hold a lock that it takes for each event as well.
pub(crate) fn warn_on_stderr(message: fmt::Arguments<'_>) {
    if is_written(LogLevel::Warn) {
        write_line(&mut io::stderr(), LogLevel::Warn, message);
    }
}

/// Reports a warning once in the life of the process, for problems that each exporter finds for itself. All messages are
/// kept, so their number has to be bounded.
#[cfg(all(feature = "_otlp", feature = "_tls"))]
pub(crate) fn warn_once(message: &impl fmt::Display) {
    static REPORTED: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let message = message.to_string();
    let mut reported = REPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    if !reported.contains(&message) {
        warn(format_args!("{message}"));
        reported.push(message);
    }
}

/// Reports a state that is as configured.
pub fn info(message: fmt::Arguments<'_>) {
    write(LogLevel::Info, message);
}

/// Reports a detail that helps to find a fault.
pub fn debug(message: fmt::Arguments<'_>) {
    write(LogLevel::Debug, message);
}

/// Offers the message to the `tracing` subscriber. The value is `true` if the subscriber took it.
macro_rules! offer {
    ($level:expr, $message:expr) => {{
        let enabled = tracing::event_enabled!(target: "otel_actix", $level);
        if enabled {
            tracing::event!(target: "otel_actix", $level, "{}", $message);
        }
        enabled
    }};
}

/// Writes a message in one line: control characters in values are escaped.
fn write(level: LogLevel, message: fmt::Arguments<'_>) {
    lines(level, format_args!("{}", Plain(message)));
}

/// Reports a text of several lines. Its values must be [`Plain`].
pub(crate) fn lines(level: LogLevel, text: fmt::Arguments<'_>) {
    if is_written(level) {
        say(&mut io::stderr(), level, text);
    }
}

fn is_written(level: LogLevel) -> bool {
    level as u8 <= LEVEL.load(Ordering::Relaxed)
}

fn say(stderr: &mut impl Write, level: LogLevel, message: fmt::Arguments<'_>) {
    let taken = match level {
        LogLevel::Off => true,
        LogLevel::Error => offer!(tracing::Level::ERROR, message),
        LogLevel::Warn => offer!(tracing::Level::WARN, message),
        LogLevel::Info => offer!(tracing::Level::INFO, message),
        LogLevel::Debug | LogLevel::Trace => offer!(tracing::Level::DEBUG, message),
    };
    if !taken
        && (level <= LogLevel::Warn
            || !tracing::dispatcher::has_been_set()
            || SUBSCRIBER_IS_OURS.load(Ordering::Relaxed))
    {
        write_line(stderr, level, message);
    }
}

/// Writes `otel-actix: WARN message` in one piece. If that fails, there is no other place for a report.
fn write_line(writer: &mut impl Write, level: LogLevel, message: fmt::Arguments<'_>) {
    let line = format!("otel-actix: {} {message}\n", level.to_string().to_uppercase());
    let _ = writer.write_all(line.as_bytes());
}

#[cfg(test)]
mod tests;
