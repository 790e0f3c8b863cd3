//! A Redis server of a test, on a free port.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::PATIENCE;

/// A server that ends with this value.
#[derive(Debug)]
pub(crate) struct RedisServer {
    process: Child,
    pub(crate) port: u16,
}

impl RedisServer {
    /// Starts a server, which answers already.
    pub(crate) fn start() -> Self {
        // Another program may take the port before the server does: the server ends then.
        (0..10).find_map(|_| Self::start_once(false)).unwrap()
    }

    /// Starts a node of a cluster, which has no slots yet.
    pub(crate) fn start_node() -> Self {
        (0..10).find_map(|_| Self::start_once(true)).unwrap()
    }

    fn start_once(is_node: bool) -> Option<Self> {
        let port = free_port();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()]);
        if is_node {
            let (file, bus) = (format!("redis-node-{port}.conf"), free_port().to_string());
            let _ = std::fs::remove_file(Path::new(env!("CARGO_TARGET_TMPDIR")).join(&file));
            command.args(["--cluster-enabled", "yes", "--cluster-config-file", &file, "--cluster-port", &bus]);
        }
        let command = command.current_dir(env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null()).stdout(Stdio::null());
        let mut server = Self { process: command.spawn().unwrap(), port };
        let deadline = Instant::now() + PATIENCE;
        while server.process.try_wait().unwrap().is_none() {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Some(server);
            }
            assert!(Instant::now() < deadline, "redis-server does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
        None
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

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
