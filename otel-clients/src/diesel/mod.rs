//! Queries by `diesel` 2.2 and later, also through `diesel-async`.
//!
//! `otel_actix::builder`, `otel_actix::init` and the attribute on `main` call [`install`]: every connection that is made
//! afterwards has spans, without a change to the code. The drivers of `diesel` report the URL of a connection;
//! [`ClientTelemetry::with_url`] is for connections that do not.
//!
//! The library reports the text of a query and its result, but neither the number of rows nor the code of an error. It reports no
//! end of a query whose future is dropped: such a span ends with the connection, or after ten minutes, its `error.type` is
//! `end_not_reported`, and its duration is not among the metrics.
//! `SyncConnectionWrapper` of `diesel-async` runs queries on other threads, where no span is current: theirs are roots.

mod error;
mod open_queries;
mod text;

use std::time::Instant;

use diesel_2::connection::{
    Instrumentation, InstrumentationEvent, get_default_instrumentation, set_default_instrumentation,
};
use otel_core::client::DatabaseSpan;
use otel_core::config::ClientLibrary;

use self::open_queries::OpenQueries;
use crate::database_server::DatabaseServer;

/// Gives all connections that are made from now on spans for their queries, unless the application has set an
/// instrumentation of its own. That one can contain a [`ClientTelemetry`], to which it passes its events.
pub fn install() {
    if get_default_instrumentation().is_none() {
        // It fails only if a thread panicked while it set another instrumentation.
        let _ = set_default_instrumentation(|| Some(Box::new(ClientTelemetry::new())));
    }
}

/// The telemetry of one connection: a span for each query, and for `BEGIN`, `COMMIT` and `ROLLBACK`.
///
/// ```ignore
/// connection.set_instrumentation(ClientTelemetry::new());
/// ```
#[derive(Debug, Default)]
pub struct ClientTelemetry {
    server: DatabaseServer,
    open: OpenQueries<DatabaseSpan>,
}

impl ClientTelemetry {
    /// Telemetry for a connection, whose server is recorded if this is set before it connects.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Records the server and the database in the URL, for a connection that does not report its own, such as one by
    /// `AsyncPgConnection::try_from`. The credentials and parameters of the URL are not recorded.
    #[must_use]
    pub fn with_url(self, url: &str) -> Self {
        let mut this = self;
        this.server = DatabaseServer::of_connection_string(url);
        this
    }
}

/// Ends the span of a query whose end was not reported. How long it ran, and whether it failed, is unknown.
fn fail_without_end(span: DatabaseSpan) {
    span.fail_unmeasured("end_not_reported");
}

impl Drop for ClientTelemetry {
    fn drop(&mut self) {
        self.open.drain().for_each(fail_without_end);
    }
}

impl Instrumentation for ClientTelemetry {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                self.server = DatabaseServer::of_connection_string(url);
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                // The text costs more than the question.
                if !ClientLibrary::Diesel.is_enabled() || !DatabaseSpan::is_enabled() {
                    return;
                }
                let text = text::without_binds(query);
                let span = self.server.start(ClientLibrary::Diesel, &text);
                self.open.push(text, span, Instant::now()).for_each(fail_without_end);
            }
            InstrumentationEvent::FinishQuery { query, error, .. } => {
                if self.open.is_empty() {
                    return;
                }
                let Some(span) = self.open.remove(&text::without_binds(query)) else { return };
                match error.and_then(error::error_type) {
                    Some(error_type) => span.fail(error_type, None),
                    None => span.end(),
                }
            }
            // Transactions are queries as well.
            _ => {}
        }
    }
}
