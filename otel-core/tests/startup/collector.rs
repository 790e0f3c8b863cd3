//! A collector small enough to be read: one thread, one connection at a time, HTTP/1.1 with `Content-Length`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// A request as it arrived.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Answers every request with `response`, and keeps the requests.
pub(crate) struct Collector {
    address: SocketAddr,
    requests: Receiver<Request>,
}

impl Collector {
    pub(crate) fn answering(response: &'static str) -> Self {
        Self::answering_in_turn(vec![response])
    }

    /// The last response is repeated for all further requests.
    pub(crate) fn answering_in_turn(responses: Vec<&'static str>) -> Self {
        let mut responses = responses.into_iter();
        let mut response = "";
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, requests) = mpsc::channel();
        // Ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                while let Some(request) = read(&stream) {
                    response = responses.next().unwrap_or(response);
                    let _ = (&stream).write_all(response.as_bytes());
                    if sender.send(request).is_err() {
                        return;
                    }
                }
            }
        });
        Self { address, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request. The child has ended before this call, so all its requests have arrived.
    pub(crate) fn next(&self) -> Request {
        self.requests.recv_timeout(Duration::from_secs(10)).expect("a request arrived")
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|&length| length > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { line: line.trim_end().to_owned(), headers, body })
}

/// An endpoint that takes connections and never answers, until it is dropped.
pub(crate) fn silent() -> (TcpListener, String) {
    // The kernel completes the handshake; the connection is never accepted.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// An endpoint where no server listens.
pub(crate) fn dead() -> String {
    silent().1
}
