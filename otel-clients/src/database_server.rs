//! The database behind a connection, as the conventions describe it.

use otel_core::client::{self, DatabaseSpan};
use otel_core::config::ClientLibrary;
use otel_core::database::DatabaseFacts;

/// The schemes of the URLs that this module reads.
#[cfg(feature = "diesel-2")]
const SCHEMES: [&str; 6] = ["postgres", "postgresql", "mysql", "mariadb", "sqlite", "file"];

/// The characters between two parameters: those of C's `isspace`, which `libpq` calls.
#[cfg(feature = "diesel-2")]
const BLANKS: [char; 6] = [' ', '\t', '\n', '\r', '\x0b', '\x0c'];

/// The database behind a connection.
#[derive(Debug)]
pub(crate) struct DatabaseServer {
    system: &'static str,
    namespace: Option<Box<str>>,
    address: Option<Box<str>>,
    port: Option<u16>,
}

impl Default for DatabaseServer {
    /// An unknown database, which speaks SQL.
    fn default() -> Self {
        Self::of_system("other_sql")
    }
}

impl DatabaseServer {
    fn of_system(system: &'static str) -> Self {
        Self { system, namespace: None, address: None, port: None }
    }

    /// The database by its driver's name.
    #[cfg(any(feature = "sqlx-0_8", feature = "sqlx-0_9"))]
    pub(crate) fn of_driver(name: &str) -> Self {
        let system = match name {
            "PostgreSQL" => "postgresql",
            "MySQL" => "mysql",
            "SQLite" => "sqlite",
            _ => "other_sql",
        };
        Self::of_system(system)
    }

    /// The database in the URL of a pool, whose driver knows the system. The driver for `MySQL` is that for `MariaDB`, too.
    #[cfg(any(feature = "sqlx-0_8", feature = "sqlx-0_9"))]
    pub(crate) fn of_pool(driver: &str, url: &str) -> Self {
        let (driver, server) = (Self::of_driver(driver), Self::of_url(url));
        match (driver.system, server.system) {
            ("other_sql", _) | ("mysql", "mariadb") => server,
            ("sqlite", "other_sql") if !url.contains("://") => Self::of_file(before_query(url)),
            (system, same) if system == same => server,
            _ => driver,
        }
    }

    /// Returns `true` if the errors of the database have the numbers of `MySQL`.
    #[cfg(any(feature = "sqlx-0_8", feature = "sqlx-0_9"))]
    pub(crate) fn is_mysql(&self) -> bool {
        matches!(self.system, "mysql" | "mariadb")
    }

    /// The database in a URL. Credentials, and everything behind `?`, are left out.
    pub(crate) fn of_url(url: &str) -> Self {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        match scheme {
            "postgres" | "postgresql" => Self::on_network("postgresql", 5432, rest),
            "mysql" => Self::on_network("mysql", 3306, rest),
            "mariadb" => Self::on_network("mariadb", 3306, rest),
            "sqlite" | "file" => Self::of_file(before_query(rest)),
            _ => Self::default(),
        }
    }

    /// The database in a URL, in a list of parameters for `PostgreSQL`, or in a file, whose path only `SQLite` takes.
    #[cfg(feature = "diesel-2")]
    pub(crate) fn of_connection_string(text: &str) -> Self {
        let scheme = text.split(':').next().unwrap_or_default();
        if text.contains("://") || SCHEMES.contains(&scheme) {
            Self::of_url(text)
        } else if text.contains('=') {
            Self::of_parameters(text)
        } else if text.is_empty() {
            Self::default()
        } else {
            Self::of_file(text)
        }
    }

    /// The database in parameters such as `host=localhost`
    /// ([connection strings](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING)).
    #[cfg(feature = "diesel-2")]
    fn of_parameters(text: &str) -> Self {
        let server = Self::of_system("postgresql");
        let parts = || text.split(BLANKS).filter(|part| !part.is_empty());
        let parameters = || parts().filter_map(|part| part.split_once('=')).filter(|(key, _)| !key.is_empty());
        // Blanks around `=`, quotation marks and backslashes can make anything a part of a password.
        if text.contains(['\'', '\\']) || parts().count() != parameters().count() {
            return server;
        }
        let value = |key| parameters().find(|(found, _)| *found == key).map(|(_, value)| value);
        let address: Option<Box<str>> = value("host").or(value("hostaddr")).map(Into::into);
        let port = address.as_ref().map(|_| value("port").and_then(|port| port.parse().ok()).unwrap_or(5432));
        Self { namespace: value("dbname").map(Into::into), address, port, ..server }
    }

    /// A file has no server, and the name of its folder does not describe its content.
    fn of_file(path: &str) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_file = !name.is_empty() && !name.contains(":memory:");
        Self { namespace: is_file.then(|| name.into()), ..Self::of_system("sqlite") }
    }

    fn on_network(system: &'static str, default_port: u16, rest: &str) -> Self {
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (authority, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        // Such an `@` can end a password that contains one of these characters, so no part of the URL is certain.
        if behind.contains('@') {
            return Self::of_system(system);
        }
        let namespace = before_query(behind.strip_prefix('/').unwrap_or(behind));
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

    /// The name of a pool of connections to this database.
    #[cfg(any(feature = "sqlx-0_8", feature = "sqlx-0_9"))]
    pub(crate) fn pool_name(&self) -> String {
        let namespace = self.namespace.as_deref();
        match (&self.address, self.port) {
            (Some(address), Some(port)) => {
                let separator = if namespace.is_some() { "/" } else { "" };
                format!("{address}:{port}{separator}{}", namespace.unwrap_or_default())
            }
            _ => namespace.unwrap_or(self.system).to_owned(),
        }
    }

    /// Starts the span of a query by this library.
    pub(crate) fn start(&self, library: ClientLibrary, sql: &str) -> DatabaseSpan {
        if !library.is_enabled() {
            return DatabaseSpan::none();
        }
        let mut facts = DatabaseFacts::new(self.system);
        facts.query = Some(sql).filter(|sql| !sql.is_empty());
        facts.namespace = self.namespace.as_deref();
        facts.server_address = self.address.as_deref();
        facts.server_port = self.port;
        DatabaseSpan::start(client::scope(), &facts)
    }
}

/// The part of a URL before its parameters.
fn before_query(rest: &str) -> &str {
    rest.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_which_database_it_is() {
        for (url, expected) in [
            ("postgres://me:p@ss@db/shop?sslmode=disable", ("postgresql", Some("shop"), Some("db"), Some(5432))),
            ("postgres://app:pa/ss@db/shop", ("postgresql", None, None, None)),
            ("postgres://app:2024#x@db/shop", ("postgresql", None, None, None)),
            ("mysql://app:2024?x@db/shop", ("mysql", None, None, None)),
            ("mysql://db?name=shop", ("mysql", None, Some("db"), Some(3306))),
            ("postgresql:///shop", ("postgresql", Some("shop"), None, None)),
            ("mysql://[::1]:3307", ("mysql", None, Some("::1"), Some(3307))),
            ("mariadb://[::1]/a", ("mariadb", Some("a"), Some("::1"), Some(3306))),
            ("sqlite:///var/lib/shop.db?mode=ro", ("sqlite", Some("shop.db"), None, None)),
            ("sqlite:C:\\data\\shop.db", ("sqlite", Some("shop.db"), None, None)),
            ("sqlite::memory:", ("sqlite", None, None, None)),
            ("sqlite:shop.db", ("sqlite", Some("shop.db"), None, None)),
            ("exa://db:1/x", ("other_sql", None, None, None)),
            ("", ("other_sql", None, None, None)),
        ] {
            let DatabaseServer { system, namespace, address, port } = DatabaseServer::of_url(url);
            assert_eq!((system, namespace.as_deref(), address.as_deref(), port), expected, "{url}");
        }
    }

    #[cfg(any(feature = "sqlx-0_8", feature = "sqlx-0_9"))]
    #[test]
    fn a_pool_has_the_system_of_its_driver() {
        for (driver, url, expected) in [
            ("SQLite", "data/shop.db?mode=ro", ("sqlite", Some("shop.db"), None, None)),
            ("SQLite", "C:\\data\\shop.db", ("sqlite", Some("shop.db"), None, None)),
            ("SQLite", ":memory:", ("sqlite", None, None, None)),
            ("SQLite", "postgres://me:pa/ss@db/shop", ("sqlite", None, None, None)),
            ("SQLite", "exa://me:pa/ss@db/shop", ("sqlite", None, None, None)),
            ("PostgreSQL", "shop", ("postgresql", None, None, None)),
            ("PostgreSQL", "postgres://db/shop", ("postgresql", Some("shop"), Some("db"), Some(5432))),
            ("MySQL", "mariadb://db/shop", ("mariadb", Some("shop"), Some("db"), Some(3306))),
            ("Any", "mysql://db/shop", ("mysql", Some("shop"), Some("db"), Some(3306))),
            ("Any", "shop", ("other_sql", None, None, None)),
        ] {
            let DatabaseServer { system, namespace, address, port } = DatabaseServer::of_pool(driver, url);
            assert_eq!((system, namespace.as_deref(), address.as_deref(), port), expected, "{driver} {url}");
        }
    }

    #[cfg(feature = "diesel-2")]
    #[test]
    fn a_connection_string_is_a_url_or_parameters_or_a_file() {
        for (text, expected) in [
            ("postgres://me:p@db/shop", ("postgresql", Some("shop"), Some("db"), Some(5432))),
            ("host=db user=me password=secret dbname=shop", ("postgresql", Some("shop"), Some("db"), Some(5432))),
            ("host=db port=5433", ("postgresql", None, Some("db"), Some(5433))),
            ("dbname=shop", ("postgresql", Some("shop"), None, None)),
            ("user=me password='x dbname=secret host=secret'", ("postgresql", None, None, None)),
            ("host = db password = secret", ("postgresql", None, None, None)),
            ("host=db password= secret", ("postgresql", None, None, None)),
            ("user=me password = 'x dbname=secret y'", ("postgresql", None, None, None)),
            ("password=x\\ dbname=secret", ("postgresql", None, None, None)),
            ("password=secret port=5433", ("postgresql", None, None, None)),
            ("password=secret", ("postgresql", None, None, None)),
            ("password=x\u{a0}dbname=secret", ("postgresql", None, None, None)),
            ("host=db\x0bpassword=secret\n", ("postgresql", None, Some("db"), Some(5432))),
            ("postgres://app:pa/ss@db/shop", ("postgresql", None, None, None)),
            ("mysql://me:p@db/shop", ("mysql", Some("shop"), Some("db"), Some(3306))),
            ("data/shop.db", ("sqlite", Some("shop.db"), None, None)),
            ("file:shop.db?mode=ro", ("sqlite", Some("shop.db"), None, None)),
            (":memory:", ("sqlite", None, None, None)),
            // PostgreSQL reads its variables then, and SQLite makes a temporary file.
            ("", ("other_sql", None, None, None)),
            ("duck://x", ("other_sql", None, None, None)),
        ] {
            let DatabaseServer { system, namespace, address, port } = DatabaseServer::of_connection_string(text);
            assert_eq!((system, namespace.as_deref(), address.as_deref(), port), expected, "{text}");
        }
    }
}
