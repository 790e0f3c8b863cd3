//! The bridge from `tracing`.

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use super::logger::GlobalLoggerProvider;

static MADE: AtomicBool = AtomicBool::new(false);

/// Whether the application has made a layer.
pub(super) fn is_made() -> bool {
    MADE.load(Ordering::Relaxed)
}

/// A layer that makes a log record of each `tracing` event, with the ids of the span that is current, and hands it to
/// the exporters of `OTEL_LOGS_EXPORTER`. For the application's own subscriber, beside the layer that prints; it may be
/// made before or after telemetry starts. What the exporters themselves log is left out.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt as _;
///
/// let subscriber = tracing_subscriber::registry().with(otel_core::logs::layer());
/// // .with(tracing_subscriber::fmt::layer()).init()
/// # drop(subscriber);
/// ```
///
/// An application without a subscriber needs no layer: when the first request comes and there still is none, and no
/// logger of the `log` crate either, events from `INFO` on are exported all the same. Neither is ever replaced, and so
/// nothing that is printed disappears.
pub fn layer<S>() -> impl Layer<S> + Send + Sync + 'static
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    MADE.store(true, Ordering::Relaxed);
    OpenTelemetryTracingBridge::new(&GlobalLoggerProvider)
}
