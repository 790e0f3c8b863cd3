//! A collector whose behaviour a test sets. It takes OTLP/JSON.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use examples::compare::Failure;
use serde_json::Value;
use socket2::{Domain, Socket, Type};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::sleep,
};

use crate::{
    PATIENCE,
    attributes::{Attributes, attributes},
};

/// The reaction to an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// Keeps it, and answers 200 with this body.
    Accept(&'static str),
    /// Keeps it, and answers after a while.
    Slow(Duration),
    /// Answers with these bytes, unchanged, and keeps nothing.
    Answer(&'static str),
    /// Answers with these bytes, one at a time, without an end.
    Drip(&'static str),
    /// Accepts connections and does nothing else. Only as the first behaviour.
    Silence,
    /// Closes connections before it reads anything.
    Close,
}

pub(crate) const WELL: Behaviour = Behaviour::Accept("{}");

/// An export, kept or not.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    pub(crate) at: Instant,
    pub(crate) kept: bool,
    /// The attributes of its spans.
    pub(crate) spans: Vec<Attributes>,
}

impl Export {
    /// `url.path` of its spans.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.spans.iter().filter_map(|span| span.get("url.path")?.as_str())
    }
}

#[derive(Debug)]
struct State {
    /// The first one is for the next export; the last one stays.
    behaviours: Vec<Behaviour>,
    exports: Vec<Export>,
}

/// A collector with one address all its life, where it listens or refuses connections.
#[derive(Debug)]
pub(crate) struct Backend {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    changed: watch::Sender<()>,
    /// Holds the port while no server listens on it.
    reserved: Option<Socket>,
    accepting: Option<JoinHandle<()>>,
}

impl Backend {
    /// An absent collector: connections are refused.
    pub(crate) fn absent() -> Result<Self, Failure> {
        let socket = bound(([127, 0, 0, 1], 0).into())?;
        let address = socket.local_addr()?.as_socket().ok_or("an address of its own")?;
        let state = State { behaviours: vec![WELL], exports: Vec::new() };
        let (changed, _) = watch::channel(());
        Ok(Self { address, state: Arc::new(Mutex::new(state)), changed, reserved: Some(socket), accepting: None })
    }

    /// A collector that listens. The last behaviour holds for all further exports.
    pub(crate) fn behaving(behaviours: &[Behaviour]) -> Result<Self, Failure> {
        let mut backend = Self::absent()?;
        backend.state.lock().unwrap().behaviours = behaviours.to_vec();
        backend.rise()?;
        Ok(backend)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Listens from now on.
    pub(crate) fn rise(&mut self) -> Result<(), Failure> {
        let socket = self.reserved.take().ok_or("it listens already")?;
        socket.listen(128)?;
        socket.set_nonblocking(true)?;
        let listener = TcpListener::from_std(socket.into())?;
        self.accepting = Some(tokio::spawn(accept(listener, Arc::clone(&self.state), self.changed.clone())));
        Ok(())
    }

    /// Refuses connections from now on, and ends those it has.
    pub(crate) async fn fall(&mut self) -> Result<(), Failure> {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            // The listener and the connections end with it.
            let _ = accepting.await;
        }
        self.reserved = Some(bound(self.address)?);
        Ok(())
    }

    /// All exports, kept or not.
    pub(crate) fn exports(&self) -> Vec<Export> {
        self.state.lock().unwrap().exports.clone()
    }

    /// The number of kept spans for each path.
    pub(crate) fn kept(&self) -> BTreeMap<String, usize> {
        let mut kept = BTreeMap::new();
        for path in self.exports().iter().filter(|export| export.kept).flat_map(Export::paths) {
            *kept.entry(path.to_owned()).or_default() += 1;
        }
        kept
    }

    /// Waits until the exports fulfil a condition.
    pub(crate) async fn until(&self, wanted: impl Fn(&Self) -> bool) -> Result<(), Failure> {
        let mut changed = self.changed.subscribe();
        let wait = async {
            while !wanted(self) {
                // An error would mean that the sender is gone; `self` holds one.
                let _ = changed.changed().await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.map_err(|_| format!("waited in vain: {:?}", self.exports()).into())
    }
}

fn bound(address: SocketAddr) -> Result<Socket, Failure> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // Earlier connections of this port must not prevent it.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>, changed: watch::Sender<()>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (state, changed) = (Arc::clone(&state), changed.clone());
        connections.spawn(async move {
            // A broken connection is no fault of this server.
            let _ = serve(stream, &state, &changed).await;
        });
    }
}

async fn serve(stream: TcpStream, state: &Mutex<State>, changed: &watch::Sender<()>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let first = state.lock().unwrap().behaviours[0].clone();
    match first {
        Behaviour::Close => return Ok(()),
        Behaviour::Silence => std::future::pending().await,
        _ => {}
    }
    while let Some(body) = read(&mut stream).await? {
        let behaviour = {
            let mut state = state.lock().unwrap();
            let more = state.behaviours.len() > 1;
            if more { state.behaviours.remove(0) } else { state.behaviours[0].clone() }
        };
        let arrived = Instant::now();
        let keep = |kept| {
            let export = Export { at: arrived, kept, spans: spans(&body) };
            state.lock().unwrap().exports.push(export);
            changed.send_replace(());
        };
        match behaviour {
            Behaviour::Accept(answer) => {
                keep(true);
                stream.write_all(ok(answer).as_bytes()).await?;
            }
            Behaviour::Slow(pause) => {
                sleep(pause).await;
                keep(true);
                stream.write_all(ok("{}").as_bytes()).await?;
            }
            Behaviour::Answer(answer) => {
                keep(false);
                stream.write_all(answer.as_bytes()).await?;
            }
            Behaviour::Drip(answer) => {
                keep(false);
                for byte in answer.bytes().chain(std::iter::repeat(b'.')) {
                    stream.write_all(&[byte]).await?;
                    sleep(Duration::from_millis(1)).await;
                }
            }
            Behaviour::Silence | Behaviour::Close => return Ok(()),
        }
    }
    Ok(())
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The body of a request. `None` at the end of the connection, and for bytes that are not HTTP/1.1.
async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Vec<u8>>> {
    let mut length = None;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            if line == "\r\n" {
                break;
            }
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
    }
    let Some(length) = length else { return Ok(None) };
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(body))
}

/// The attributes of every span.
fn spans(body: &[u8]) -> Vec<Attributes> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let resources = list(&request["resourceSpans"]);
    let scopes = resources.flat_map(|resource| list(&resource["scopeSpans"]));
    scopes.flat_map(|scope| list(&scope["spans"])).map(|span| attributes(&span["attributes"])).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
