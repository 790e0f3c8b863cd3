//! Metrics for Prometheus, from an endpoint of the application.

use actix_web::HttpResponse;

/// A handler that answers with the metrics of this process, for Prometheus: beside the endpoint that
/// `OTEL_METRICS_EXPORTER=prometheus` opens on a port of its own, or where only the application's port is reachable.
///
/// ```
/// use actix_web::{App, web};
///
/// let app = App::new().route("/metrics", web::get().to(otel_actix::prometheus::metrics));
/// ```
///
/// Scrapes are requests like any other; `OTEL_RUST_EXCLUDED_ROUTES=/metrics` keeps them out of traces and metrics.
#[expect(clippy::unused_async, reason = "handlers are async")]
pub async fn metrics() -> HttpResponse {
    // Collecting takes a lock for some microseconds per series, so it may run on this thread.
    HttpResponse::Ok()
        .content_type(otel_core::exporter::prometheus::CONTENT_TYPE)
        .body(otel_core::exporter::prometheus::scrape())
}
