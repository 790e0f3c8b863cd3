//! The code that the services, the program that runs them, and its test share.

mod child;
mod tree;

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use child::Child;
pub use tree::Span;

/// The text before the address that a service prints.
#[doc(hidden)]
pub const ANNOUNCEMENT: &str = "listening on ";

/// The longest wait for a service to start, or for its spans.
const PATIENCE: Duration = Duration::from_secs(30);

/// Binds a server to a free port, prints its address, and runs it.
///
/// # Errors
///
/// If there is no port, or if the server fails.
#[macro_export]
macro_rules! run {
    ($server:expr) => {{
        let server = $server.bind("127.0.0.1:0")?;
        println!("{}{}", $crate::ANNOUNCEMENT, server.addrs()[0]);
        server.run().await
    }};
}

/// Both services, as processes of their own. They stop when this is dropped.
#[derive(Debug)]
pub struct Shop {
    front: Child,
    back: Child,
}

impl Shop {
    /// Starts the two programs.
    ///
    /// # Errors
    ///
    /// If one of them does not start.
    pub fn start(front: &Path, back: &Path) -> io::Result<Self> {
        let back = Child::start(back, &[])?;
        let front = Child::start(front, &[("BACK_URL", &format!("http://{}", back.address()))])?;
        Ok(Self { front, back })
    }

    /// Sends a request to `front`, as a client with a trace of its own does. Returns the answer's body, and the id of the
    /// trace.
    ///
    /// # Errors
    ///
    /// If there is no answer.
    pub fn send(&self, path: &str) -> io::Result<(String, String)> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let trace = format!("{:032x}", (0xabcd_u128 << 96) | u128::from(NEXT.fetch_add(1, Ordering::Relaxed)));
        Ok((get(self.front.address(), path, &trace)?, trace))
    }

    /// The spans of a trace as a tree below the client, once there are `count` of them.
    ///
    /// # Errors
    ///
    /// If they do not come.
    pub fn tree(&self, trace: &str, count: usize) -> io::Result<String> {
        Ok(tree::draw(&self.spans(trace, count)?, CLIENT))
    }

    /// The spans of a trace, once there are `count` of them.
    ///
    /// # Errors
    ///
    /// If they do not come.
    pub fn spans(&self, trace: &str, count: usize) -> io::Result<Vec<Span>> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let spans: Vec<Span> = [&self.front, &self.back].iter().flat_map(|child| child.spans(trace)).collect();
            if spans.len() >= count {
                return Ok(spans);
            }
            if Instant::now() > deadline {
                return Err(io::Error::other(format!("of {count} spans there are {}", spans.len())));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The span of the client, which no service prints.
const CLIENT: &str = "00f067aa0ba902b7";

fn get(address: SocketAddr, path: &str, trace: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let traceparent = format!("00-{trace}-{CLIENT}-01");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\ntraceparent: {traceparent}\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}
