//! The database of a pool, as the conventions describe it.

use otel_core::client::{self, DatabaseSpan};
use otel_core::config::ClientLibrary;
use otel_core::database::DatabaseFacts;

/// The database of a pool.
#[derive(Debug)]
pub(crate) struct Server {
    system: &'static str,
    namespace: Option<Box<str>>,
    address: Option<Box<str>>,
    port: Option<u16>,
}

impl Server {
    /// The database by its driver's name.
    pub(crate) fn of_driver(name: &str) -> Self {
        let system = match name {
            "PostgreSQL" => "postgresql",
            "MySQL" => "mysql",
            "SQLite" => "sqlite",
            _ => "other_sql",
        };
        Self { system, namespace: None, address: None, port: None }
    }

    /// The database in a URL. Credentials, and everything behind `?`, are left out.
    pub(crate) fn of_url(url: &str) -> Self {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        match scheme {
            "postgres" | "postgresql" => Self::on_network("postgresql", 5432, rest),
            "mysql" => Self::on_network("mysql", 3306, rest),
            "mariadb" => Self::on_network("mariadb", 3306, rest),
            "sqlite" => {
                // A file has no server, and the name of its folder does not describe its content.
                let name = rest.rsplit('/').next().unwrap_or_default();
                let is_file = !name.is_empty() && !name.contains(":memory:");
                Self { system: "sqlite", namespace: is_file.then(|| name.into()), address: None, port: None }
            }
            _ => Self::of_driver(scheme),
        }
    }

    fn on_network(system: &'static str, default_port: u16, rest: &str) -> Self {
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (authority, namespace) = rest.split_once('/').unwrap_or((rest, ""));
        let host_and_port = authority.rsplit('@').next().unwrap_or_default();
        // A colon within brackets is part of an IPv6 address.
        let colon = host_and_port.rfind(':').filter(|&colon| !host_and_port[colon..].contains(']'));
        let (host, port) = colon
            .map_or((host_and_port, None), |colon| (&host_and_port[..colon], host_and_port[colon + 1..].parse().ok()));
        let host = host.trim_matches(['[', ']']);
        let is_named = !host.is_empty();
        Self {
            system,
            namespace: (!namespace.is_empty()).then(|| namespace.into()),
            address: is_named.then(|| host.into()),
            port: is_named.then(|| port.unwrap_or(default_port)),
        }
    }

    /// Starts the span of a query.
    pub(crate) fn start(&self, sql: &str) -> DatabaseSpan {
        if !ClientLibrary::Sqlx.is_enabled() {
            return DatabaseSpan::none();
        }
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
        for (url, expected) in [
            ("postgres://me:p@ss@db/shop?sslmode=disable", ("postgresql", Some("shop"), Some("db"), Some(5432))),
            ("postgresql:///shop", ("postgresql", Some("shop"), None, None)),
            ("mysql://[::1]:3307", ("mysql", None, Some("::1"), Some(3307))),
            ("mariadb://[::1]/a", ("mariadb", Some("a"), Some("::1"), Some(3306))),
            ("sqlite:///var/lib/shop.db?mode=ro", ("sqlite", Some("shop.db"), None, None)),
            ("sqlite::memory:", ("sqlite", None, None, None)),
            ("sqlite:shop.db", ("sqlite", Some("shop.db"), None, None)),
            ("exa://db:1/x", ("other_sql", None, None, None)),
            ("", ("other_sql", None, None, None)),
        ] {
            let Server { system, namespace, address, port } = Server::of_url(url);
            assert_eq!((system, namespace.as_deref(), address.as_deref(), port), expected, "{url}");
        }
    }
}
