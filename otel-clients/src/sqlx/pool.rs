//! Pools, connections and transactions whose queries have spans.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::call::traced;
use super::observed_pool::ObservedPool;
use super::sqlx_core::database::Database;
use super::sqlx_core::error::Error;
use super::sqlx_core::pool::{Pool, PoolConnection};
use super::sqlx_core::transaction::Transaction;
use crate::database_server::DatabaseServer;

/// A pool whose queries have spans: `&pool` is an executor, like a pool of `sqlx`.
pub struct TracedPool<DB: Database> {
    pub(super) pool: Pool<DB>,
    pub(super) server: Arc<DatabaseServer>,
    observed: Arc<ObservedPool<DB>>,
}

impl<DB: Database> TracedPool<DB> {
    /// Wraps a pool. Queries through the new pool have spans, and its connections are metrics.
    #[must_use]
    pub fn new(pool: Pool<DB>) -> Self {
        Self::with_server(pool, DatabaseServer::of_driver(DB::NAME))
    }

    /// Records the server and the database in the URL, which should be the pool's. Its credentials and parameters are
    /// not recorded. (A pool can return its URL, but `sqlx` panics if its options do not make one.)
    #[must_use]
    pub fn with_url(self, url: &str) -> Self {
        Self::with_server(self.pool, DatabaseServer::of_url(url))
    }

    fn with_server(pool: Pool<DB>, server: DatabaseServer) -> Self {
        let observed = ObservedPool::new(&pool, &server);
        Self { pool, server: Arc::new(server), observed }
    }

    /// Takes a connection, whose queries have spans.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Pool::acquire`.
    pub async fn acquire(&self) -> Result<TracedConnection<DB, PoolConnection<DB>>, Error> {
        Ok(TracedConnection::new(self.pool.acquire().await?, &self.server))
    }

    /// Begins a transaction, whose queries have spans.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Pool::begin`.
    pub async fn begin(&self) -> Result<TracedTransaction<'static, DB>, Error> {
        let pool = self.pool.clone();
        let begin = Box::pin(async move { pool.begin().await });
        let connection = traced(Arc::clone(&self.server), "BEGIN", |_| None, begin).await?;
        Ok(TracedTransaction { queries: TracedConnection::new(connection, &self.server) })
    }
}

impl<DB: Database> Clone for TracedPool<DB> {
    fn clone(&self) -> Self {
        let (pool, server, observed) = (self.pool.clone(), Arc::clone(&self.server), Arc::clone(&self.observed));
        Self { pool, server, observed }
    }
}

impl<DB: Database> fmt::Debug for TracedPool<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedPool").field("pool", &self.pool).finish_non_exhaustive()
    }
}

impl<DB: Database> From<Pool<DB>> for TracedPool<DB> {
    fn from(pool: Pool<DB>) -> Self {
        Self::new(pool)
    }
}

/// The pool itself, whose queries have no spans.
impl<DB: Database> Deref for TracedPool<DB> {
    type Target = Pool<DB>;

    fn deref(&self) -> &Pool<DB> {
        &self.pool
    }
}

/// A connection, or a transaction, whose queries have spans: `&mut connection` is an executor.
pub struct TracedConnection<DB, C> {
    pub(super) connection: C,
    pub(super) server: Arc<DatabaseServer>,
    _database: std::marker::PhantomData<fn() -> DB>,
}

impl<DB, C> fmt::Debug for TracedConnection<DB, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedConnection").finish_non_exhaustive()
    }
}

impl<DB, C> TracedConnection<DB, C> {
    fn new(connection: C, server: &Arc<DatabaseServer>) -> Self {
        Self { connection, server: Arc::clone(server), _database: std::marker::PhantomData }
    }

    /// The connection itself, whose queries have no spans.
    pub fn inner(&mut self) -> &mut C {
        &mut self.connection
    }
}

/// A transaction whose queries have spans: `&mut *transaction` is an executor.
pub struct TracedTransaction<'c, DB: Database> {
    queries: TracedConnection<DB, Transaction<'c, DB>>,
}

impl<DB: Database> TracedTransaction<'_, DB> {
    /// Commits the transaction.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Transaction::commit`.
    pub async fn commit(self) -> Result<(), Error> {
        let TracedConnection { connection, server, .. } = self.queries;
        traced(server, "COMMIT", |()| None, Box::pin(connection.commit())).await
    }

    /// Rolls the transaction back.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Transaction::rollback`.
    pub async fn rollback(self) -> Result<(), Error> {
        let TracedConnection { connection, server, .. } = self.queries;
        traced(server, "ROLLBACK", |()| None, Box::pin(connection.rollback())).await
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
