//! A response body that ends the span of its request.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Buf as _;
use http_body::{Body, Frame, SizeHint};
use otel_core::client::HttpClientSpan;
use pin_project_lite::pin_project;

pin_project! {
    /// A response body that ends the span of its request when it ends, fails, or is dropped.
    pub struct ClientBody<B>
    where
        B: Body,
    {
        #[pin]
        body: B,
        // `None` once the body ended.
        span: Option<HttpClientSpan>,
        error_type: fn(&B::Error) -> &'static str,
        // `true` if the bytes of the body are those that were sent.
        is_counted: bool,
    }
}

impl<B: Body> ClientBody<B> {
    /// Ends the span with the body. `is_counted` is `true` if the bytes of the body are those that were sent: their number is
    /// recorded then. `error_type` is the `error.type` of the body's errors.
    pub(crate) fn new(
        body: B,
        span: HttpClientSpan,
        is_counted: bool,
        error_type: fn(&B::Error) -> &'static str,
    ) -> Self {
        let mut span = Some(span);
        if body.is_end_stream() {
            end(&mut span, is_counted);
        }
        Self { body, span, error_type, is_counted }
    }
}

/// Ends the span of a body that was read to its end.
fn end(span: &mut Option<HttpClientSpan>, is_counted: bool) {
    if let Some(mut span) = span.take() {
        if is_counted {
            // An empty body has a size as well.
            span.add_response_body_size(0);
        }
        span.end();
    }
}

impl<B: Body + fmt::Debug> fmt::Debug for ClientBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBody").field("body", &self.body).field("span", &self.span).finish_non_exhaustive()
    }
}

impl<B: Body> Body for ClientBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let frame = ready!(this.body.as_mut().poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let (Some(span), Some(data), true) = (&mut *this.span, frame.data_ref(), *this.is_counted) {
                    span.add_response_body_size(data.remaining());
                }
                // Readers that know the length do not read to the end.
                if this.body.is_end_stream() {
                    end(this.span, *this.is_counted);
                }
            }
            Some(Err(error)) => {
                if let Some(span) = this.span.take().filter(HttpClientSpan::is_open) {
                    span.fail((this.error_type)(error));
                }
            }
            None => end(this.span, *this.is_counted),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
