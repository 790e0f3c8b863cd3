//! A peer on a port of its own, which speaks HTTP/1.1 by hand.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::Trace;

/// A request as it came: its head, line by line.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) lines: Vec<String>,
}

impl Received {
    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        self.lines[0].split(' ').nth(1).unwrap()
    }

    /// All lines of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let prefix = format!("{name}: ");
        self.lines
            .iter()
            .filter(|line| line.to_ascii_lowercase().starts_with(&prefix))
            .map(|line| &line[prefix.len()..])
            .collect()
    }

    /// The parent span that the request names.
    pub(crate) fn parent_id(&self) -> String {
        let [header] = self.header("traceparent")[..] else { panic!("one traceparent: {:?}", self.lines) };
        header.split('-').nth(2).unwrap().to_owned()
    }
}

/// A server that answers each request by a function. It stops with the process.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Peer {
    /// Starts a server that answers each request with the bytes of `answer`; with no bytes, it never answers.
    pub(crate) fn start(answer: impl Fn(&Received) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start_over(Ok, answer)
    }

    /// The same over a layer such as TLS, which `wrap` puts on each connection.
    pub(crate) fn start_over<S: Read + Write>(
        wrap: impl Fn(TcpStream) -> std::io::Result<S> + Send + Sync + 'static,
        answer: impl Fn(&Received) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let peer = Self { address: listener.local_addr().unwrap(), received: Arc::default() };
        let (received, answer, wrap) = (Arc::clone(&peer.received), Arc::new(answer), Arc::new(wrap));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (received, answer, wrap) = (Arc::clone(&received), Arc::clone(&answer), Arc::clone(&wrap));
                std::thread::spawn(move || serve(wrap(stream.unwrap()).unwrap(), &received, &*answer));
            }
        });
        peer
    }

    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    /// The requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

impl Peer {
    /// See [`Trace::assert_only_last_has_span`].
    pub(crate) fn assert_only_last_has_span(&self, trace: Trace) {
        let received = self.received();
        let headers = received.iter().flat_map(|request| request.header("traceparent"));
        trace.assert_only_last_has_span(&headers.collect::<Vec<_>>());
    }
}

fn serve(stream: impl Read + Write, received: &Mutex<Vec<Received>>, answer: &dyn Fn(&Received) -> Vec<u8>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            lines.push(line.to_owned());
        }
        let request = Received { lines };
        let length: u64 = request.header("content-length").first().map_or(0, |length| length.parse().unwrap());
        std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink()).unwrap();
        received.lock().unwrap().push(request.clone());
        let response = answer(&request);
        if response.is_empty() {
            // Never answers: the client has to give up.
            let _ = reader.read_line(&mut String::new());
            return;
        }
        let stream = reader.get_mut();
        if stream.write_all(&response).and_then(|()| stream.flush()).is_err() {
            return;
        }
    }
}

/// A whole response. `headers` end in `\r\n` each.
pub(crate) fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
