//! A pool whose connections are metrics.

use std::sync::{Arc, Weak};

use otel_core::client::{ConnectionPool, PoolConnections, observe_pool};
use otel_core::config::ClientLibrary;

use super::sqlx_core::database::Database;
use super::sqlx_core::pool::Pool;
use crate::database_server::DatabaseServer;

/// A pool whose connections are metrics until the last clone of its `TracedPool` is dropped.
#[derive(Debug)]
pub(super) struct ObservedPool<DB: Database> {
    pool: Pool<DB>,
    name: String,
}

impl<DB: Database> ObservedPool<DB> {
    pub(super) fn new(pool: &Pool<DB>, server: &DatabaseServer) -> Arc<Self> {
        let observed = Arc::new(Self { pool: pool.clone(), name: server.pool_name() });
        let pool: Weak<Self> = Arc::downgrade(&observed);
        observe_pool(pool);
        observed
    }
}

impl<DB: Database> ConnectionPool for ObservedPool<DB> {
    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> usize {
        // Clones of a pool share its options.
        std::ptr::from_ref(self.pool.options()).addr()
    }

    fn connections(&self) -> Option<PoolConnections> {
        // Start-up may follow, and change the answer.
        if !ClientLibrary::Sqlx.is_enabled() {
            return None;
        }
        let (open, idle) = (count(self.pool.size()), self.pool.num_idle());
        // The two numbers are read one after the other.
        let used = open.saturating_sub(idle);
        Some(PoolConnections { idle, used, max: count(self.pool.options().get_max_connections()) })
    }
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
