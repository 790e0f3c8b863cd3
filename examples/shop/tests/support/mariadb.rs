//! A `MariaDB` server of a test, on a free port.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::command::{START_LIMIT, as_user, output};

/// The user whom Debian's packages make for the server.
const USER: &str = "mysql";

/// A server that ends with this value, and its data with it.
#[derive(Debug)]
pub(crate) struct MariaDb {
    process: Child,
    data: PathBuf,
    pub(crate) port: u16,
}

impl MariaDb {
    /// Starts a server, which has a database `test`, and lets everybody in.
    pub(crate) fn start() -> Self {
        let data = PathBuf::from(output(&mut as_user(USER, "mktemp", &["-d"])));
        let mut init =
            as_user(USER, "mariadb-install-db", &["--no-defaults", "--auth-root-authentication-method=normal"]);
        output(init.arg(option("datadir", &data)));
        // Another program may take the port before the server does: the server ends then.
        (0..10).find_map(|_| Self::start_once(&data)).unwrap()
    }

    fn start_once(data: &Path) -> Option<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let options = ["--no-defaults", "--bind-address=127.0.0.1", "--skip-grant-tables", "--skip-name-resolve"];
        let mut command = as_user(USER, "/usr/sbin/mariadbd", &options);
        command.arg(format!("--port={port}")).arg(option("datadir", data));
        command.arg(option("socket", &data.join("socket"))).arg(option("pid-file", &data.join("pid")));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Self { process: command.spawn().unwrap(), data: data.to_owned(), port };
        let deadline = Instant::now() + START_LIMIT;
        while server.process.try_wait().unwrap().is_none() {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Some(server);
            }
            assert!(Instant::now() < deadline, "MariaDB does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
        None
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
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

fn option(name: &str, path: &Path) -> String {
    format!("--{name}={}", path.display())
}
