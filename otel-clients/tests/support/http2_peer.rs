//! A peer on a port of its own, which speaks HTTP/2.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use h2::server::SendResponse;
use http::request::Parts;
use http::{HeaderMap, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

/// An answer: a head, data, and trailers or a reset of the stream at the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) head: Response<()>,
    pub(crate) data: &'static [u8],
    pub(crate) trailers: Option<HeaderMap>,
    pub(crate) is_reset: bool,
}

/// A server that answers each request by a function. It stops with the process.
#[derive(Clone, Debug)]
pub(crate) struct Http2Peer {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<Parts>>>,
}

impl Http2Peer {
    /// Gives the answers that `answer` makes; with none, never.
    pub(crate) fn start(answer: impl Fn(&Parts) -> Option<Answer> + Send + Sync + 'static) -> Self {
        Self::start_over(async |stream| Ok(stream), answer)
    }

    /// The same over a layer such as TLS, which `wrap` puts on each connection.
    pub(crate) fn start_over<S: AsyncRead + AsyncWrite + Unpin + 'static>(
        wrap: impl AsyncFn(TcpStream) -> std::io::Result<S> + Send + Sync + 'static,
        answer: impl Fn(&Parts) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let peer = Self { address: listener.local_addr().unwrap(), received: Arc::default() };
        let (received, answer, wrap) = (Arc::clone(&peer.received), Arc::new(answer), Arc::new(wrap));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            tokio::task::LocalSet::new().block_on(&runtime, async move {
                let listener = TcpListener::from_std(listener).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let (received, answer, wrap) = (Arc::clone(&received), Arc::clone(&answer), Arc::clone(&wrap));
                    tokio::task::spawn_local(async move {
                        // A client that trusts nobody goes away.
                        if let Ok(stream) = wrap(stream).await {
                            serve(stream, &received, &*answer).await;
                        }
                    });
                }
            });
        });
        peer
    }

    /// The requests so far.
    pub(crate) fn received(&self) -> Vec<Parts> {
        self.received.lock().unwrap().clone()
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    received: &Mutex<Vec<Parts>>,
    answer: &dyn Fn(&Parts) -> Option<Answer>,
) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    // An answer that never comes is a stream that stays open.
    let mut unanswered = Vec::new();
    while let Some(Ok((request, respond))) = connection.accept().await {
        let (parts, body) = request.into_parts();
        received.lock().unwrap().push(parts.clone());
        match answer(&parts) {
            Some(answer) => drop(tokio::task::spawn_local(async move { send(respond, answer, body).await })),
            None => unanswered.push((respond, body)),
        }
    }
}

async fn send(mut respond: SendResponse<bytes::Bytes>, answer: Answer, mut body: h2::RecvStream) {
    while let Some(Ok(data)) = body.data().await {
        let _ = body.flow_control().release_capacity(data.len());
    }
    let has_end = answer.data.is_empty() && answer.trailers.is_none() && !answer.is_reset;
    let Ok(mut stream) = respond.send_response(answer.head, has_end) else { return };
    if has_end {
        return;
    }
    let _ = stream.send_data(answer.data.into(), answer.trailers.is_none() && !answer.is_reset);
    if let Some(trailers) = answer.trailers {
        let _ = stream.send_trailers(trailers);
    } else if answer.is_reset {
        // What was sent before has to arrive first.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        stream.send_reset(h2::Reason::INTERNAL_ERROR);
    }
}
