//! Connections whose commands have spans.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use otel_core::client::{self, DatabaseSpan};
use otel_core::config::ClientLibrary;
use otel_core::database::DatabaseFacts;
use redis_1::{ConnectionAddr, ConnectionInfo};

use super::call::Commands;

/// The names of the databases that a server has unless it is configured otherwise.
const DATABASES: [&str; 16] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"];

/// A connection of any kind, blocking or asynchronous, whose commands have spans. All commands of `redis` work with it.
///
/// Clones share their connection if those of the wrapped one do.
#[derive(Clone)]
pub struct TracedConnection<C> {
    pub(super) connection: C,
    server: Arc<Server>,
}

#[derive(Debug, Default)]
struct Server {
    address: Option<Box<str>>,
    port: Option<u16>,
    /// `true` once a command may have changed the database: the connection still reports the first one.
    is_database_unknown: Arc<AtomicBool>,
}

impl<C> TracedConnection<C> {
    /// Wraps a connection. Commands through the new one have spans.
    #[must_use]
    pub fn new(connection: C) -> Self {
        Self { connection, server: Arc::default() }
    }

    /// Records the server's address, which `redis::Client::get_connection_info` returns. Its credentials are not recorded.
    #[must_use]
    pub fn with_info(self, info: &ConnectionInfo) -> Self {
        let (address, port) = match info.addr() {
            ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
                (Some(host.as_str().into()), Some(*port))
            }
            ConnectionAddr::Unix(path) => (path.to_str().map(Into::into), None),
            _ => (None, None),
        };
        let is_database_unknown = Arc::clone(&self.server.is_database_unknown);
        Self { server: Arc::new(Server { address, port, is_database_unknown }), ..self }
    }

    /// The connection itself, whose commands have no spans.
    pub fn inner(&mut self) -> &mut C {
        &mut self.connection
    }

    /// Starts the span of a call. `database` is the number of the connection's database.
    pub(super) fn start(&self, database: i64, commands: Commands<'_>) -> DatabaseSpan {
        if !ClientLibrary::Redis.is_enabled() {
            return DatabaseSpan::none();
        }
        let is_database_unknown = &self.server.is_database_unknown;
        if !DatabaseSpan::is_enabled() {
            // Later commands may have spans.
            if commands.change_database() {
                is_database_unknown.store(true, Ordering::Relaxed);
            }
            return DatabaseSpan::none();
        }
        let call = commands.call();
        let is_known = !is_database_unknown.load(Ordering::Relaxed);
        let namespace = is_known.then(|| database_name(database));
        if call.changes_database {
            is_database_unknown.store(true, Ordering::Relaxed);
        }
        let mut facts = DatabaseFacts::new("redis");
        facts.operation = Some(&call.operation);
        facts.sanitized_query = Some(call.text.as_str()).filter(|text| !text.is_empty());
        facts.batch_size = Some(call.size);
        facts.namespace = namespace.as_deref();
        facts.server_address = self.server.address.as_deref();
        facts.server_port = self.server.port;
        DatabaseSpan::start(client::scope(), &facts)
    }
}

fn database_name(database: i64) -> Cow<'static, str> {
    let known = usize::try_from(database).ok().and_then(|index| DATABASES.get(index));
    known.map_or_else(|| Cow::Owned(database.to_string()), |&name| Cow::Borrowed(name))
}

impl<C> fmt::Debug for TracedConnection<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedConnection").field("server", &self.server).finish_non_exhaustive()
    }
}

impl<C> From<C> for TracedConnection<C> {
    fn from(connection: C) -> Self {
        Self::new(connection)
    }
}
