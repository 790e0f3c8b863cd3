//! A query and its text.

use super::call::Sql;
use super::sqlx_core::database::Database;
use super::sqlx_core::error::BoxDynError;
use super::sqlx_core::executor::Execute;
use super::sqlx_core::sql_str::SqlStr;
use super::sqlx_core::statement::Statement as _;

impl Sql for SqlStr {
    fn text(&self) -> &str {
        self.as_str()
    }
}

impl Sql for &'static str {
    fn text(&self) -> &str {
        self
    }
}

/// A query whose text can be read before it is sent: `Execute::sql` consumes the query.
pub(crate) struct Query<DB: Database> {
    sql: SqlStr,
    statement: Option<DB::Statement>,
    arguments: Option<Result<DB::Arguments, BoxDynError>>,
    is_persistent: bool,
}

impl<DB: Database> Query<DB> {
    fn of<'q>(mut query: impl Execute<'q, DB>) -> Self {
        let statement = query.statement().cloned();
        let arguments = query.take_arguments().transpose();
        let is_persistent = query.persistent();
        let sql = match &statement {
            Some(statement) => statement.sql().clone(),
            None => query.sql(),
        };
        Self { sql, statement, arguments, is_persistent }
    }
}

impl<DB: Database> Execute<'_, DB> for Query<DB> {
    fn sql(self) -> SqlStr {
        self.sql
    }

    fn statement(&self) -> Option<&DB::Statement> {
        self.statement.as_ref()
    }

    fn take_arguments(&mut self) -> Result<Option<DB::Arguments>, BoxDynError> {
        self.arguments.take().transpose()
    }

    fn persistent(&self) -> bool {
        self.is_persistent
    }
}

/// Returns the text of a query, and the query.
pub(crate) fn with_text<'q, DB: Database, E: Execute<'q, DB>>(query: E) -> (SqlStr, Query<DB>) {
    let query = Query::of(query);
    (query.sql.clone(), query)
}
