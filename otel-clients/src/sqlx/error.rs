//! `error.type` of queries by `sqlx`.

use otel_core::client::DatabaseSpan;
use otel_core::http::io_error_type;

use super::sqlx_core::error::{DatabaseError, Error};

/// Ends the span of a query that failed.
pub(super) fn fail(span: DatabaseSpan, error: &Error) {
    let code = error.as_database_error().and_then(DatabaseError::code);
    span.fail(error_type(error), code.as_deref());
}

/// One word for the failure, for errors to which the database gives no code.
fn error_type(error: &Error) -> &'static str {
    match error {
        Error::Database(_) => "database",
        Error::Io(error) => io_error_type(error.kind()).unwrap_or("io"),
        Error::Tls(_) => "tls",
        Error::Protocol(_) => "protocol",
        Error::PoolTimedOut => "pool_timeout",
        Error::PoolClosed => "pool_closed",
        Error::WorkerCrashed => "worker_crashed",
        Error::Configuration(_) => "configuration",
        Error::TypeNotFound { .. } => "type_not_found",
        Error::RowNotFound => "row_not_found",
        Error::ColumnDecode { .. } | Error::Decode(_) => "decode",
        _ => "_OTHER",
    }
}
