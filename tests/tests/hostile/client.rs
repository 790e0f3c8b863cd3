//! A client that keeps its connection as long as the server does.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The result of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The handler answered.
    Handled,
    /// actix-http answered that the request is invalid, or closed the connection.
    Refused,
}

pub(super) struct Client {
    address: SocketAddr,
    connection: BufReader<TcpStream>,
}

fn connect(address: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    BufReader::new(stream)
}

impl Client {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, connection: connect(address) }
    }

    pub(super) fn send(&mut self, request: &[u8]) -> Answer {
        // A request that is refused while it is being sent counts as refused.
        let sent = self.connection.get_mut().write_all(request);
        let status = self.read();
        if sent.is_ok() && status == Some(200) {
            return Answer::Handled;
        }
        assert!(matches!(status, None | Some(400 | 413 | 414 | 431)), "{status:?}");
        self.connection = connect(self.address);
        Answer::Refused
    }

    /// Status of the response; `None` if there is none.
    fn read(&mut self) -> Option<u16> {
        let (mut status, mut length) = (None, 0);
        loop {
            let mut line = String::new();
            if self.connection.read_line(&mut line).unwrap_or(0) == 0 {
                return None;
            }
            match line.trim_end().split_once(' ') {
                None => break,
                Some((name, value)) if name.eq_ignore_ascii_case("content-length:") => length = value.parse().unwrap(),
                Some(("HTTP/1.1", reason)) => status = reason[..3].parse().ok(),
                Some(_) => {}
            }
        }
        self.connection.read_exact(&mut vec![0; length]).ok()?;
        status
    }
}
