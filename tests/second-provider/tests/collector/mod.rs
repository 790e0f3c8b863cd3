//! A collector that answers every request with 200.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::thread;

pub(crate) struct Collector {
    pub(crate) url: String,
    requests: Receiver<String>,
}

impl Collector {
    /// The paths of the requests so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests.try_iter().collect()
    }
}

pub(crate) fn start() -> Collector {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = mpsc::channel();
    // Ends with the test's process.
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let sender = sender.clone();
            thread::spawn(move || {
                let mut reader = BufReader::new(&stream);
                let (mut path, mut length) = (None, 0);
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
                    let text = line.trim_end().to_ascii_lowercase();
                    if path.is_none() {
                        path = text.split(' ').nth(1).map(str::to_owned);
                    } else if let Some(value) = text.strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    } else if text.is_empty() {
                        reader.read_exact(&mut vec![0; length]).unwrap();
                        let _ = sender.send(path.take().unwrap());
                        let _ = (&stream).write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    }
                    line.clear();
                }
            });
        }
    });
    Collector { url, requests }
}
