//! A `PostgreSQL` server of a test, on a free port.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::command::{DataFolder, START_LIMIT, as_user, output};
use super::server::start;

/// The user whom Debian's packages make for the server.
const USER: &str = "postgres";

/// A server that ends with this value, and its data with it.
#[derive(Debug)]
pub(crate) struct Postgres {
    process: Child,
    _data: DataFolder,
    pub(crate) port: u16,
}

impl Postgres {
    /// Starts a server, which answers already.
    pub(crate) fn start() -> Self {
        let data = DataFolder::of_user(USER);
        let mut init =
            as_user(USER, program("initdb"), &["--auth=trust", "--username=shop", "--no-sync", "--locale=C"]);
        output(init.arg("-D").arg(&data.0));
        let command = |port: u16| {
            let options = ["-h", "127.0.0.1", "-k", "", "-F", "-p", &port.to_string()];
            let mut command = as_user(USER, program("postgres"), &options);
            command.arg("-D").arg(&data.0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        // It listens before it answers. `pg_ctl` waits for this line, too.
        let is_ready = |_| {
            let state = std::fs::read_to_string(data.0.join("postmaster.pid")).unwrap_or_default();
            state.lines().nth(7).is_some_and(|line| line.trim() == "ready")
        };
        let (process, port) = start(START_LIMIT, command, is_ready);
        Self { process, _data: data, port }
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
    }
}

/// The newest of this program that Debian has installed, or the one in the path.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let programs = versions.map(|version| version.path().join("bin").join(name)).filter(|program| program.exists());
    programs.max().unwrap_or_else(|| name.into())
}
