//! A `MariaDB` server of a test, on a free port.

use std::path::Path;
use std::process::{Child, Stdio};

use super::command::{DataFolder, START_LIMIT, as_user, output};
use super::server::{listens, start};

/// The user whom Debian's packages make for the server.
const USER: &str = "mysql";

/// A server that ends with this value, and its data with it.
#[derive(Debug)]
pub(crate) struct MariaDb {
    process: Child,
    _data: DataFolder,
    pub(crate) port: u16,
}

impl MariaDb {
    /// Starts a server, which has a database `test`, and lets everybody in.
    pub(crate) fn start() -> Self {
        let data = DataFolder::of_user(USER);
        let mut init =
            as_user(USER, "mariadb-install-db", &["--no-defaults", "--auth-root-authentication-method=normal"]);
        output(init.arg(option("datadir", &data.0)));
        let command = |port: u16| {
            let options = ["--no-defaults", "--bind-address=127.0.0.1", "--skip-grant-tables", "--skip-name-resolve"];
            let mut command = as_user(USER, "/usr/sbin/mariadbd", &options);
            command.arg(format!("--port={port}")).arg(option("datadir", &data.0));
            command.arg(option("socket", &data.0.join("socket"))).arg(option("pid-file", &data.0.join("pid")));
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        let (process, port) = start(START_LIMIT, command, listens);
        Self { process, _data: data, port }
    }

    /// The URL of the database, with the scheme that its driver takes.
    pub(crate) fn url(&self) -> String {
        format!("mysql://shop:secret@127.0.0.1:{}/test", self.port)
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn option(name: &str, path: &Path) -> String {
    format!("--{name}={}", path.display())
}
