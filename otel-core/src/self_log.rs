//! The one place that speaks to the operator.
//!
//! Telemetry starts before the application's own logging, and a warning that nobody sees is none. So messages are
//! `tracing` events (target `otel_actix`) once a subscriber takes them, and lines on standard error until then.
//! Warnings also go there when a subscriber is set whose filter leaves them out: silent exporters are the most
//! reported trouble with telemetry. `OTEL_LOG_LEVEL=off` silences everything.

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
#[cfg(any(feature = "grpc", feature = "tls"))]
use std::sync::{Mutex, PoisonError};

use crate::config::LogLevel;

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

/// Something is lost: telemetry does not work at all.
pub fn error(message: fmt::Arguments<'_>) {
    write(LogLevel::Error, message);
}

/// Something is not as the operator wanted it.
pub fn warn(message: fmt::Arguments<'_>) {
    write(LogLevel::Warn, message);
}

/// A warning that several exporters come upon, each for itself: it is told once in the life of the process. For a
/// bounded number of different messages.
#[cfg(any(feature = "grpc", feature = "tls"))]
pub(crate) fn warn_once(message: &impl fmt::Display) {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let message = message.to_string();
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if !told.contains(&message) {
        warn(format_args!("{message}"));
        told.push(message);
    }
}

/// Something an operator likes to know.
pub fn info(message: fmt::Arguments<'_>) {
    write(LogLevel::Info, message);
}

/// Something for whoever looks for a fault.
pub fn debug(message: fmt::Arguments<'_>) {
    write(LogLevel::Debug, message);
}

/// Offers the message to the `tracing` subscriber; whether it took it.
macro_rules! offer {
    ($level:expr, $message:expr) => {{
        let enabled = tracing::event_enabled!(target: "otel_actix", $level);
        if enabled {
            tracing::event!(target: "otel_actix", $level, "{}", $message);
        }
        enabled
    }};
}

fn write(level: LogLevel, message: fmt::Arguments<'_>) {
    if level as u8 <= LEVEL.load(Ordering::Relaxed) {
        say(&mut io::stderr(), level, message);
    }
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

/// Writes `otel-actix: WARN message` in one piece. Nobody is left to tell if that fails.
fn write_line(writer: &mut impl Write, level: LogLevel, message: fmt::Arguments<'_>) {
    let line = format!("otel-actix: {} {message}\n", level.to_string().to_uppercase());
    let _ = writer.write_all(line.as_bytes());
}

#[cfg(test)]
mod tests;
