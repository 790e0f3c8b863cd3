//! Servers of other programs, on free ports.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Starts a server, and waits until it is ready. Returns its process and its port.
pub(crate) fn start(limit: Duration, command: impl Fn(u16) -> Command, is_ready: impl Fn(u16) -> bool) -> (Child, u16) {
    let start_once = || {
        let port = free_port();
        let mut process = command(port).spawn().unwrap();
        let deadline = Instant::now() + limit;
        while process.try_wait().unwrap().is_none() {
            if is_ready(port) {
                return Some((process, port));
            }
            if Instant::now() >= deadline {
                process.kill().unwrap();
                process.wait().unwrap();
                panic!("not ready after {limit:?}: {:?}", command(port));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // Another program may have taken the port before the server did.
        None
    };
    (0..10).find_map(|_| start_once()).unwrap()
}

/// A port that no program listens on now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Returns `true` if a program listens on the port.
pub(crate) fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}
