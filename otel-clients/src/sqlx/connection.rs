//! Connections whose queries have spans.

use std::fmt;
use std::marker::PhantomData;
use std::ops::DerefMut;
use std::sync::Arc;

use super::sqlx_core::connection::Connection as _;
use super::sqlx_core::database::Database;
use super::sqlx_core::error::Error;
use super::sqlx_core::transaction::TransactionManager as _;
use super::transaction::{TracedTransaction, begin};
use crate::database_server::DatabaseServer;

/// A connection, or a transaction, whose queries have spans: `&mut connection` is an executor.
pub struct TracedConnection<DB, C> {
    pub(super) connection: C,
    pub(super) server: Arc<DatabaseServer>,
    _database: PhantomData<fn() -> DB>,
}

impl<DB, C> TracedConnection<DB, C> {
    pub(super) fn new(connection: C, server: &Arc<DatabaseServer>) -> Self {
        Self { connection, server: Arc::clone(server), _database: PhantomData }
    }

    /// The connection itself, whose queries have no spans.
    pub fn inner(&mut self) -> &mut C {
        &mut self.connection
    }

    /// Takes the connection out, whose queries have no spans any more.
    #[must_use]
    pub fn into_inner(self) -> C {
        self.connection
    }
}

impl<DB: Database, C: DerefMut<Target = DB::Connection>> TracedConnection<DB, C> {
    /// Begins a transaction, or sets a savepoint within one. Its queries have spans.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Connection::begin`.
    pub async fn begin(&mut self) -> Result<TracedTransaction<'_, DB>, Error> {
        let depth = DB::TransactionManager::get_transaction_depth(&self.connection);
        let sql = if depth == 0 { "BEGIN" } else { "SAVEPOINT" };
        begin(&self.server, sql, self.connection.begin()).await
    }
}

impl<DB, C> fmt::Debug for TracedConnection<DB, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedConnection").finish_non_exhaustive()
    }
}
