//! Queries by `sqlx` 0.8.
//!
//! ```ignore
//! let url = "postgres://localhost/shop";
//! let pool = TracedPool::new(sqlx::PgPool::connect(url).await?).with_url(url);
//! let items = sqlx::query("SELECT name FROM items").fetch_all(&pool).await?;
//!
//! let mut transaction = pool.begin().await?;
//! sqlx::query("INSERT INTO orders (item) VALUES ($1)").bind(7).execute(&mut *transaction).await?;
//! transaction.commit().await?;
//! ```

use ::sqlx_core_0_8 as sqlx_core;

#[path = "begin_with_0_8.rs"]
mod begin_with;
#[path = "call.rs"]
mod call;
#[path = "connection.rs"]
mod connection;
#[path = "error.rs"]
mod error;
#[path = "executor_0_8.rs"]
mod executor;
#[path = "observed_pool.rs"]
mod observed_pool;
#[path = "pool.rs"]
mod pool;
#[path = "query_0_8.rs"]
mod query;
#[path = "transaction.rs"]
mod transaction;

pub use connection::TracedConnection;
pub use pool::TracedPool;
pub use transaction::TracedTransaction;
