//! Queries by `diesel` 2.2 and later, also through `diesel-async`.
//!
//! `otel_actix::builder`, `otel_actix::init` and the attribute on `main` call [`install`]: every connection that is made
//! afterwards has spans, without a line. The driver must name its connection's URL, as those of `diesel` do.
//!
//! The library reports the text of a query and its result, but neither the number of rows nor the code of an error.

mod error;
mod text;

use diesel_2::connection::{
    Instrumentation, InstrumentationEvent, get_default_instrumentation, set_default_instrumentation,
};
use otel_core::client::DatabaseSpan;
use otel_core::config::ClientLibrary;

use crate::database_server::DatabaseServer;

/// The most queries of one connection that run at the same time; those of `diesel` itself run one after the other.
const MOST_OPEN: usize = 64;

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
    open: Vec<OpenQuery>,
}

/// A query that runs.
#[derive(Debug)]
struct OpenQuery {
    text: String,
    span: DatabaseSpan,
}

impl ClientTelemetry {
    /// Telemetry for a connection, whose server is recorded if this is set before it connects.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Instrumentation for ClientTelemetry {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                self.server = DatabaseServer::of_connection_string(url);
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let text = text::without_binds(query);
                let span = self.server.start(ClientLibrary::Diesel, &text);
                // A query without an end, which no driver is known to have, must not stay open for ever.
                if self.open.len() == MOST_OPEN {
                    self.open.remove(0);
                }
                self.open.push(OpenQuery { text, span });
            }
            InstrumentationEvent::FinishQuery { query, error, .. } => {
                // `diesel-async` may send several queries before the first one is answered.
                let index = if self.open.len() > 1 {
                    let text = text::without_binds(query);
                    self.open.iter().position(|open| open.text == text)
                } else {
                    self.open.len().checked_sub(1)
                };
                let Some(OpenQuery { span, .. }) = index.map(|index| self.open.remove(index)) else { return };
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
