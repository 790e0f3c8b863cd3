//! HTTP/1.1 written by hand, so that any header can be sent.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

/// The response.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Sends a request with these headers and no others than `Content-Length` and `Connection`.
pub fn send(address: SocketAddr, request_line: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut reader = open(address, request_line, headers, body);
    let mut response = read_head(&mut reader);
    let length = response.header("content-length").map(|length| length.parse().unwrap());
    let mut bytes = Vec::new();
    match length {
        Some(length) => {
            reader.take(length).read_to_end(&mut bytes).unwrap();
        }
        None => {
            reader.read_to_end(&mut bytes).unwrap();
        }
    }
    response.body = String::from_utf8_lossy(&bytes).into_owned();
    response
}

/// Sends a request and returns the connection without reading from it.
pub fn open(address: SocketAddr, request_line: &str, headers: &[(&str, &str)], body: &[u8]) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(address).unwrap();
    let mut head = format!("{request_line} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    // A server that refuses early may not read the body.
    let _ = stream.write_all(body);
    BufReader::new(stream)
}

/// Reads the status line and the headers.
pub fn read_head(reader: &mut BufReader<TcpStream>) -> Response {
    let mut lines = std::iter::from_fn(|| {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_owned();
        (!line.is_empty()).then_some(line)
    });
    let status = lines.next().expect("a status line").split(' ').nth(1).unwrap().parse().unwrap();
    let split = |line: String| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
    let headers = lines.filter_map(split);
    Response { status, headers: headers.collect(), body: String::new() }
}
