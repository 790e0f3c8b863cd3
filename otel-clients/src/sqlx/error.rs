//! The code and the class of the error of a query by `sqlx`.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use otel_core::client::DatabaseSpan;
use otel_core::http::io_error_type;

use super::sqlx_core::error::{DatabaseError, Error};
use crate::database_server::DatabaseServer;

/// Ends the span of a query that failed.
pub(super) fn fail(span: DatabaseSpan, server: &DatabaseServer, error: &Error) {
    let code = error.as_database_error().and_then(|error| {
        let number = if server.is_mysql() { error_number(error) } else { None };
        number.map(Cow::Owned).or_else(|| error.code())
    });
    span.fail(error_type(error), code.as_deref());
}

/// The number of an error of `MySQL`, which the conventions want in place of the SQLSTATE
/// ([`MySQL`](https://opentelemetry.io/docs/specs/semconv/database/mysql/)). Only the driver's own type has it as a number; here
/// it is the beginning of the message: `1062 (23000): Duplicate entry`.
fn error_number(error: &dyn DatabaseError) -> Option<String> {
    let mut number = LeadingDigits(String::new());
    // Fails at the end of the number, so the rest of the message is not formatted.
    let _ = write!(number, "{error}");
    Some(number.0).filter(|number| !number.is_empty())
}

struct LeadingDigits(String);

impl fmt::Write for LeadingDigits {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        self.0.push_str(&part[..digits]);
        if digits == part.len() { Ok(()) } else { Err(fmt::Error) }
    }
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
