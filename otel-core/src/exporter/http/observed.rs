//! A stream that keeps the first bytes it reads: they show which protocol the other end speaks.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The size of the header of an HTTP/2 frame.
const KEPT: usize = 9;

/// The bytes of the first read, as far as they are kept.
#[derive(Clone, Debug, Default)]
pub(super) struct FirstBytes(Arc<OnceLock<Vec<u8>>>);

impl FirstBytes {
    /// Returns `None` before anything was read.
    pub(super) fn get(&self) -> Option<&[u8]> {
        self.0.get().map(Vec::as_slice)
    }
}

/// A stream, and the first bytes that were read from it.
#[derive(Debug)]
pub(super) struct Observed<S> {
    inner: S,
    first: FirstBytes,
}

impl<S> Observed<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, first: FirstBytes::default() }
    }

    pub(super) fn first_bytes(&self) -> FirstBytes {
        self.first.clone()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Observed<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let read = buf.filled().get(before..).unwrap_or_default();
        if !read.is_empty() {
            self.first.0.get_or_init(|| read.iter().copied().take(KEPT).collect());
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Observed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
