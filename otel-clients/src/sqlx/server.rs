//! The database that a pool leads to, as the conventions describe it.

use otel_core::client::{self, DatabaseSpan};
use otel_core::database::DatabaseFacts;

/// The database that a pool leads to.
#[derive(Debug)]
pub(crate) struct Server {
    system: &'static str,
    namespace: Option<Box<str>>,
    address: Option<Box<str>>,
    port: Option<u16>,
}

impl Server {
    /// A database of which only its language is known.
    pub(crate) const UNKNOWN: Self = Self { system: "other_sql", namespace: None, address: None, port: None };

    /// By the parts of a URL: credentials are no part of them.
    pub(crate) fn of_url(scheme: &str, host: Option<&str>, port: Option<u16>, path: &str) -> Self {
        let system = match scheme {
            "postgres" | "postgresql" => "postgresql",
            "mysql" => "mysql",
            "mariadb" => "mariadb",
            "sqlite" => "sqlite",
            _ => return Self::UNKNOWN,
        };
        if system == "sqlite" {
            // A file has no server, and its folder says nothing of what is in it.
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_file = !name.is_empty() && !name.contains(":memory:");
            return Self { system, namespace: is_file.then(|| name.into()), ..Self::UNKNOWN };
        }
        let default_port = if system == "postgresql" { 5432 } else { 3306 };
        let address = host.filter(|host| !host.is_empty()).map(|host| host.trim_matches(['[', ']']));
        let namespace = path.trim_start_matches('/');
        Self {
            system,
            namespace: (!namespace.is_empty()).then(|| namespace.into()),
            address: address.map(Into::into),
            port: address.map(|_| port.unwrap_or(default_port)),
        }
    }

    /// Starts the span of a query.
    pub(crate) fn start(&self, sql: &str) -> DatabaseSpan {
        let mut facts = DatabaseFacts::new(self.system);
        facts.query = Some(sql);
        facts.namespace = self.namespace.as_deref();
        facts.server_address = self.address.as_deref();
        facts.server_port = self.port;
        DatabaseSpan::start(client::scope(), &facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_which_database_it_is() {
        for (scheme, host, port, path, expected) in [
            ("postgres", Some("db"), None, "/shop", ("postgresql", Some("shop"), Some("db"), Some(5432))),
            ("mysql", Some("[::1]"), Some(3307), "/", ("mysql", None, Some("::1"), Some(3307))),
            ("sqlite", None, None, "/var/lib/shop.db", ("sqlite", Some("shop.db"), None, None)),
            ("sqlite", None, None, "file:sqlx-in-memory-0:memory:", ("sqlite", None, None, None)),
            ("sqlite", None, None, ":memory:", ("sqlite", None, None, None)),
            ("exa", Some("db"), Some(1), "/x", ("other_sql", None, None, None)),
        ] {
            let Server { system, namespace, address, port } = Server::of_url(scheme, host, port, path);
            assert_eq!((system, namespace.as_deref(), address.as_deref(), port), expected);
        }
    }
}
