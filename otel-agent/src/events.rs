//! Events of the application's own `tracing` subscriber.

use std::sync::LazyLock;

use tracing_core::{Event, Subscriber};
use tracing_subscriber::layer::SubscriberExt as _;

/// Exports an event that the application's subscriber has let through, as a log record with the ids of its span.
///
/// `otel_hooks::record_event` calls this.
pub(crate) fn record_event(event: &Event<'_>) {
    static EXPORTING: LazyLock<Box<dyn Subscriber + Send + Sync>> =
        LazyLock::new(|| Box::new(tracing_subscriber::registry().with(otel_core::logs::layer())));
    // The runtime's own messages are for the operator, and are printed.
    if !event.metadata().target().starts_with("otel_actix") {
        EXPORTING.event(event);
    }
}
