//! A `PostgreSQL` server of a test, on a free port.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::command::{START_LIMIT, as_user, output};

/// The user whom Debian's packages make for the server.
const USER: &str = "postgres";

/// A server that ends with this value, and its data with it.
#[derive(Debug)]
pub(crate) struct Postgres {
    process: Child,
    data: PathBuf,
    pub(crate) port: u16,
}

impl Postgres {
    /// Starts a server, which answers already.
    pub(crate) fn start() -> Self {
        let data = PathBuf::from(output(&mut as_user(USER, "mktemp", &["-d"])));
        let mut init =
            as_user(USER, program("initdb"), &["--auth=trust", "--username=shop", "--no-sync", "--locale=C"]);
        output(init.arg("-D").arg(&data));
        // Another program may take the port before the server does: the server ends then.
        (0..10).find_map(|_| Self::start_once(&data)).unwrap()
    }

    fn start_once(data: &Path) -> Option<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut command =
            as_user(USER, program("postgres"), &["-h", "127.0.0.1", "-k", "", "-F", "-p", &port.to_string()]);
        let command = command.arg("-D").arg(data).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Self { process: command.spawn().unwrap(), data: data.to_owned(), port };
        let deadline = Instant::now() + START_LIMIT;
        // It listens before it answers. `pg_ctl` waits for this line, too.
        let is_ready = || {
            let state = std::fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            state.lines().nth(7).is_some_and(|line| line.trim() == "ready")
        };
        while server.process.try_wait().unwrap().is_none() {
            if is_ready() {
                return Some(server);
            }
            assert!(Instant::now() < deadline, "PostgreSQL does not answer");
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }

    /// The URL of the database that each server has.
    pub(crate) fn url(&self) -> String {
        format!("postgres://shop:secret@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // At once, but not without its own processes.
        let _ = Command::new("kill").args(["-QUIT", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// The newest of this program that Debian has installed, or the one in the path.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let programs = versions.map(|version| version.path().join("bin").join(name)).filter(|program| program.exists());
    programs.max().unwrap_or_else(|| name.into())
}
