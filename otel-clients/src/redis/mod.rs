//! Commands by `redis` 1.x, with its blocking and its asynchronous connections.
//!
//! ```ignore
//! let client = redis::Client::open("redis://localhost/")?;
//! let connection = client.get_multiplexed_async_connection().await?;
//! let mut connection = TracedConnection::new(connection).with_info(client.get_connection_info());
//! connection.set("user:42", "Ada").await?;
//! ```
//!
//! Source: [Redis](https://opentelemetry.io/docs/specs/semconv/database/redis/).

mod asynchronous;
mod blocking;
mod call;
mod command;
mod connection;
mod error;

pub use connection::TracedConnection;
