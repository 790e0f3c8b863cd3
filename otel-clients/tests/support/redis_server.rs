//! A Redis server of a test, on a free port.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::PATIENCE;
use super::server::{free_port, listens, start};

/// A server that ends with this value.
#[derive(Debug)]
pub(crate) struct RedisServer {
    process: Child,
    pub(crate) port: u16,
}

impl RedisServer {
    /// Starts a server, which answers already.
    pub(crate) fn start() -> Self {
        Self::start_as(false)
    }

    /// Starts a node of a cluster, which has no slots yet.
    pub(crate) fn start_node() -> Self {
        Self::start_as(true)
    }

    fn start_as(is_node: bool) -> Self {
        let command = |port: u16| {
            let mut command = Command::new("redis-server");
            command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()]);
            if is_node {
                let (file, bus) = (format!("redis-node-{port}.conf"), free_port().to_string());
                let _ = std::fs::remove_file(Path::new(env!("CARGO_TARGET_TMPDIR")).join(&file));
                command.args(["--cluster-enabled", "yes", "--cluster-config-file", &file, "--cluster-port", &bus]);
            }
            command.current_dir(env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null()).stdout(Stdio::null());
            command
        };
        let (process, port) = start(PATIENCE, command, listens);
        Self { process, port }
    }

    /// The URL of the database with this number.
    pub(crate) fn url(&self, database: u8) -> String {
        format!("redis://127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
