//! The bytes of a connection, encrypted or not, and HTTP on them.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

/// A connection that carries bytes.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Starts HTTP/1.1 on a stream. Requests to collectors and to proxies have the same types, so hyper's code is compiled once.
pub(super) async fn handshake(stream: Box<dyn Stream>) -> hyper::Result<SendRequest<Full<Bytes>>> {
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // A proxy's answer to `CONNECT` upgrades the connection to a tunnel.
    tokio::spawn(connection.with_upgrades());
    Ok(sender)
}
