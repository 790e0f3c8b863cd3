//! Logging for an application that has none of its own.

use std::error::Error;
use std::fmt;

use log::LevelFilter as LogFilter;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{layer, log_crate};
use crate::self_log;

/// Exports `tracing` events and records of the `log` crate, from `INFO` on, and prints nothing. For an application that
/// sets neither a `tracing` subscriber nor a logger, and still exports its logs.
///
/// Telemetry never does this by itself: a process has one place for a subscriber and one for a logger, and the usual
/// ways to fill them (`init()`, `set_boxed_logger(..).unwrap()`) panic if the place is taken. An application with
/// logging of its own adds [`layer`] or [`ExportingLogger`](super::ExportingLogger) to it instead.
///
/// ```
/// otel_core::logs::try_init()?;
/// assert!(otel_core::logs::try_init().is_err(), "the places are taken now");
/// # Ok::<_, otel_core::logs::TryInitError>(())
/// ```
///
/// # Errors
/// If the application has a subscriber or a logger already. Nothing is changed then.
pub fn try_init() -> Result<(), TryInitError> {
    // A logger that prints the events of `tracing` would fall silent as soon as there is a subscriber.
    if log::max_level() != LogFilter::Off {
        return Err(TryInitError);
    }
    // Our own messages are for the operator, not for the application's logs.
    let targets = Targets::new().with_default(Level::INFO).with_target("otel_actix", LevelFilter::OFF);
    let subscriber = tracing_subscriber::registry().with(targets).with(layer());
    tracing::subscriber::set_global_default(subscriber).map_err(|_| TryInitError)?;
    self_log::set_subscriber_is_ours();
    log_crate::export_only(LogFilter::Info);
    Ok(())
}

/// The application has a `tracing` subscriber or a logger already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TryInitError;

impl fmt::Display for TryInitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the application has a `tracing` subscriber or a logger already: add `logs::layer()` to the subscriber, or \
             wrap the logger in `logs::ExportingLogger`",
        )
    }
}

impl Error for TryInitError {}
