//! Pools whose queries have spans.

use std::fmt;
use std::sync::Arc;

use super::connection::TracedConnection;
use super::observed_pool::ObservedPool;
use super::sqlx_core::database::Database;
use super::sqlx_core::error::Error;
use super::sqlx_core::pool::{Pool, PoolConnection};
use super::transaction::{TracedTransaction, begin};
use crate::database_server::DatabaseServer;

/// A pool whose queries have spans: `&pool` is an executor, like a pool of `sqlx`.
///
/// It is no `sqlx::Acquire`, whose transactions are of `sqlx`'s own type, and would have no spans. A function that takes any
/// executor works with a pool, a connection and a transaction.
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
        Self::with_server(self.pool, DatabaseServer::of_pool(DB::NAME, url))
    }

    fn with_server(pool: Pool<DB>, server: DatabaseServer) -> Self {
        let observed = ObservedPool::new(&pool, &server);
        Self { pool, server: Arc::new(server), observed }
    }

    /// The pool itself, whose queries have no spans: for its options, its end, and functions that take nothing else.
    #[must_use]
    pub fn inner(&self) -> &Pool<DB> {
        &self.pool
    }

    /// Takes a connection, whose queries have spans.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Pool::acquire`.
    pub async fn acquire(&self) -> Result<TracedConnection<DB, PoolConnection<DB>>, Error> {
        Ok(TracedConnection::new(self.pool.acquire().await?, &self.server))
    }

    /// Takes a connection if one is idle.
    #[must_use]
    pub fn try_acquire(&self) -> Option<TracedConnection<DB, PoolConnection<DB>>> {
        Some(TracedConnection::new(self.pool.try_acquire()?, &self.server))
    }

    /// Begins a transaction, whose queries have spans.
    ///
    /// # Errors
    ///
    /// The errors of `sqlx::Pool::begin`.
    pub async fn begin(&self) -> Result<TracedTransaction<'static, DB>, Error> {
        begin(&self.server, "BEGIN", self.pool.begin()).await
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
