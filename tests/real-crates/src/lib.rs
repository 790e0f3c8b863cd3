//! What annotated crates call at the start of each of their tests.

use std::sync::Once;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// The variable that turns telemetry on.
pub const TELEMETRY: &str = "REAL_CRATES_TELEMETRY";

/// Starts telemetry for the rest of the process, once, if [`TELEMETRY`] is set. Spans go the whole way to an exporter,
/// which drops them.
pub fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        if std::env::var_os(TELEMETRY).is_some() {
            // Until the process ends: which test is the last one is not known.
            std::mem::forget(otel_actix::builder().span_exporter(Discarded).init());
        }
    });
}

#[derive(Debug)]
struct Discarded;

impl SpanExporter for Discarded {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}
