//! A client that speaks HTTP/2 from the first byte.

use super::{PATIENCE, TestServer, Trace};
use actix_web::web::Bytes;
use h2::PingPong;
use h2::client::{ResponseFuture, SendRequest};
use http::{Request, StatusCode};
use tokio::task::JoinHandle;

/// Runs a test's client.
pub(crate) fn block_on<T>(client: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(PATIENCE, client).await.expect("the server does not answer") })
}

/// A connection, and the task that drives it. Aborting the task closes the connection.
pub(crate) struct Connection {
    pub(crate) requests: SendRequest<Bytes>,
    pub(crate) ping: PingPong,
    pub(crate) driver: JoinHandle<()>,
}

impl Connection {
    pub(crate) async fn new(server: &TestServer) -> Self {
        Self::over(tokio::net::TcpStream::connect(server.address).await.unwrap()).await
    }

    pub(crate) async fn over<S>(stream: S) -> Self
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
    {
        let (requests, mut connection) = h2::client::handshake(stream).await.unwrap();
        let ping = connection.ping_pong().unwrap();
        // It ends in an error if the server closes it with one: tests check the streams.
        let driver = tokio::spawn(async move { drop(connection.await) });
        Self { requests: requests.ready().await.unwrap(), ping, driver }
    }

    /// Sends a request without a body.
    pub(crate) fn send(&mut self, request: Request<()>) -> ResponseFuture {
        self.requests.send_request(request, true).unwrap().0
    }
}

pub(crate) fn request(uri: &str, method: &str, trace: Trace) -> Request<()> {
    Request::builder().method(method).uri(uri).header("traceparent", trace.traceparent()).body(()).unwrap()
}

/// The whole response.
pub(crate) async fn read(response: ResponseFuture) -> Result<(StatusCode, Vec<u8>), h2::Error> {
    let (head, mut body) = response.await?.into_parts();
    let mut bytes = Vec::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        body.flow_control().release_capacity(chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    Ok((head.status, bytes))
}
