//! Transactions whose queries have spans.

use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::call::{Sql, traced};
use super::connection::TracedConnection;
use super::sqlx_core::database::Database;
use super::sqlx_core::error::Error;
use super::sqlx_core::transaction::{Transaction, TransactionManager as _};
use crate::database_server::DatabaseServer;

/// Begins a transaction in a span.
pub(super) async fn begin<'c, DB: Database>(
    server: &Arc<DatabaseServer>,
    sql: impl Sql,
    begun: impl Future<Output = Result<Transaction<'c, DB>, Error>> + Send,
) -> Result<TracedTransaction<'c, DB>, Error> {
    let transaction = traced(Arc::clone(server), sql, |_| None, Box::pin(begun)).await?;
    Ok(TracedTransaction { queries: TracedConnection::new(transaction, server) })
}

/// A transaction, or a savepoint within one, whose queries have spans: `&mut *transaction` is an executor.
///
/// `sqlx` rolls a transaction back that is dropped, when its connection is used again; that has no span.
pub struct TracedTransaction<'c, DB: Database> {
    queries: TracedConnection<DB, Transaction<'c, DB>>,
}

impl<DB: Database> TracedTransaction<'_, DB> {
    /// Commits the transaction, or releases the savepoint.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Transaction::commit`.
    pub async fn commit(self) -> Result<(), Error> {
        let sql = if self.is_savepoint() { "RELEASE SAVEPOINT" } else { "COMMIT" };
        let TracedConnection { connection, server, .. } = self.queries;
        traced(server, sql, |()| None, Box::pin(connection.commit())).await
    }

    /// Rolls the transaction back, up to the savepoint if it is one.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Transaction::rollback`.
    pub async fn rollback(self) -> Result<(), Error> {
        let sql = if self.is_savepoint() { "ROLLBACK TO SAVEPOINT" } else { "ROLLBACK" };
        let TracedConnection { connection, server, .. } = self.queries;
        traced(server, sql, |()| None, Box::pin(connection.rollback())).await
    }

    fn is_savepoint(&self) -> bool {
        DB::TransactionManager::get_transaction_depth(&self.queries.connection) > 1
    }
}

impl<DB: Database> fmt::Debug for TracedTransaction<'_, DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedTransaction").finish_non_exhaustive()
    }
}

impl<'c, DB: Database> Deref for TracedTransaction<'c, DB> {
    type Target = TracedConnection<DB, Transaction<'c, DB>>;

    fn deref(&self) -> &Self::Target {
        &self.queries
    }
}

impl<DB: Database> DerefMut for TracedTransaction<'_, DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.queries
    }
}
