//! Facts of calls to databases, under the names that they have in `otel_core::database`.

/// Facts of a call to a database, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct DatabaseFacts<'a> {
    /// The database, as the conventions spell it.
    pub system: &'static str,
    /// The SQL text, literals included. The runtime removes them.
    pub query: Option<&'a str>,
    /// The name of the database.
    pub namespace: Option<&'a str>,
    /// Host name, IP address or socket path of the server.
    pub server_address: Option<&'a str>,
    /// Port of the server.
    pub server_port: Option<u16>,
}

impl DatabaseFacts<'_> {
    /// A call of which only the system is known.
    #[must_use]
    pub const fn new(system: &'static str) -> Self {
        Self { system, query: None, namespace: None, server_address: None, server_port: None }
    }
}
