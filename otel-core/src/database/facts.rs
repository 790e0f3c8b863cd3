//! Facts of a call to a database, borrowed.

/// Facts of a call to a database, borrowed.
///
/// ```
/// use otel_core::database::DatabaseFacts;
///
/// let mut facts = DatabaseFacts::new("postgresql");
/// facts.query = Some("SELECT * FROM users WHERE id = 42");
/// facts.namespace = Some("shop");
/// (facts.server_address, facts.server_port) = (Some("db.example.com"), Some(5432));
/// assert_eq!(facts.operation, None);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DatabaseFacts<'a> {
    /// The database, as the conventions spell it: `postgresql`, `mysql`, `sqlite`, `redis`, …; `other_sql` for an
    /// unknown one that speaks SQL.
    pub system: &'static str,
    /// The SQL text, literals included: only the [`Statement`](super::Statement) that follows from it is recorded.
    pub query: Option<&'a str>,
    /// The text of a call in another language than SQL. It is recorded as it is, so it must not have literals any more.
    pub sanitized_query: Option<&'a str>,
    /// The number of operations that are sent together. A single one is no batch: values below 2 are not recorded.
    pub batch_size: Option<u32>,
    /// The name of the operation, for databases whose calls have one, such as `GET`. It is not taken from SQL text.
    pub operation: Option<&'a str>,
    /// The table or collection, if the library knows it. It is never guessed from SQL text.
    pub collection: Option<&'a str>,
    /// The name of the database, qualified as the conventions of the system say.
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
        let (query, sanitized_query, batch_size) = (None, None, None);
        let (operation, collection, namespace, server_address, server_port) = (None, None, None, None, None);
        Self {
            system,
            query,
            sanitized_query,
            batch_size,
            operation,
            collection,
            namespace,
            server_address,
            server_port,
        }
    }
}
