//! A query and its text.

use std::borrow::Cow;

use super::call::Sql;
use super::sqlx_core::database::Database;
use super::sqlx_core::executor::Execute;

impl Sql for &str {
    fn text(&self) -> &str {
        self
    }
}

impl Sql for Cow<'static, str> {
    fn text(&self) -> &str {
        self
    }
}

/// Returns the text of a query, and the query.
pub(crate) fn with_text<'q, DB: Database, E: Execute<'q, DB>>(query: E) -> (&'q str, E) {
    (query.sql(), query)
}
