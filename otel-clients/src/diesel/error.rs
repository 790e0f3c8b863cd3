//! `error.type` of queries by `diesel`.

use diesel_2::result::{DatabaseErrorKind, Error};

/// One word for the reason why a query failed. `None` if it did not fail: no row is an answer, too.
pub(super) fn error_type(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::NotFound => return None,
        Error::DatabaseError(kind, _) => database_error_type(*kind),
        Error::QueryBuilderError(_) => "query_builder",
        Error::SerializationError(_) => "encode",
        Error::DeserializationError(_) => "decode",
        Error::BrokenTransactionManager | Error::AlreadyInTransaction | Error::NotInTransaction => "transaction",
        _ => "_OTHER",
    })
}

/// The class of an error of the database, whose own code `diesel` keeps to itself.
fn database_error_type(kind: DatabaseErrorKind) -> &'static str {
    match kind {
        DatabaseErrorKind::UniqueViolation => "unique_violation",
        DatabaseErrorKind::ForeignKeyViolation => "foreign_key_violation",
        DatabaseErrorKind::NotNullViolation => "not_null_violation",
        DatabaseErrorKind::CheckViolation => "check_violation",
        DatabaseErrorKind::SerializationFailure => "serialization_failure",
        DatabaseErrorKind::ReadOnlyTransaction => "read_only_transaction",
        DatabaseErrorKind::UnableToSendCommand => "unable_to_send_command",
        DatabaseErrorKind::ClosedConnection => "connection_closed",
        _ => "database",
    }
}
