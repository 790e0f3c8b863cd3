//! The bytes of a connection, encrypted or not.

use tokio::io::{AsyncRead, AsyncWrite};

/// A connection that carries bytes.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}
