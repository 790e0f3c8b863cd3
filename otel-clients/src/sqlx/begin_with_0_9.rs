//! Transactions that begin with a statement of the application's.

use std::ops::DerefMut;

use super::connection::TracedConnection;
use super::pool::TracedPool;
use super::sqlx_core::connection::Connection as _;
use super::sqlx_core::database::Database;
use super::sqlx_core::error::Error;
use super::sqlx_core::sql_str::SqlSafeStr;
use super::transaction::{TracedTransaction, begin};

impl<DB: Database> TracedPool<DB> {
    /// Begins a transaction with this statement, such as `BEGIN IMMEDIATE`. Its queries have spans.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Pool::begin_with`.
    pub async fn begin_with(&self, statement: impl SqlSafeStr) -> Result<TracedTransaction<'static, DB>, Error> {
        let statement = statement.into_sql_str();
        begin(&self.server, statement.clone(), self.pool.begin_with(statement)).await
    }
}

impl<DB: Database, C: DerefMut<Target = DB::Connection>> TracedConnection<DB, C> {
    /// Begins a transaction with this statement, such as `BEGIN IMMEDIATE`. Its queries have spans.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Connection::begin_with`: within a transaction there is no such statement.
    pub async fn begin_with(&mut self, statement: impl SqlSafeStr) -> Result<TracedTransaction<'_, DB>, Error> {
        let statement = statement.into_sql_str();
        begin(&self.server, statement.clone(), self.connection.begin_with(statement)).await
    }
}
