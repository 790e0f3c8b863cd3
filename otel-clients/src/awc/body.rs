//! The body of a response.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_http::Payload;
use actix_http::error::PayloadError;
use bytes::Bytes;
use futures_core::Stream;
use otel_core::client::HttpClientSpan;

use super::error::payload_error_type;

/// Returns the body with a span that ends when the body ends, fails, or is dropped.
pub(super) fn traced(body: Payload, span: HttpClientSpan) -> Payload {
    if matches!(body, Payload::None) || !span.is_open() {
        end(span);
        return body;
    }
    Payload::Stream { payload: Box::pin(TracedPayload { body, span: Some(span) }) }
}

struct TracedPayload {
    body: Payload,
    /// `None` once the body ended.
    span: Option<HttpClientSpan>,
}

impl Stream for TracedPayload {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(Pin::new(&mut self.body).poll_next(cx));
        match &item {
            Some(Ok(bytes)) => {
                if let Some(span) = &mut self.span {
                    span.add_response_body_size(bytes.len());
                }
            }
            Some(Err(error)) => {
                if let Some(span) = self.span.take() {
                    span.fail(payload_error_type(error));
                }
            }
            None => drop(self.span.take().map(end)),
        }
        Poll::Ready(item)
    }
}

/// Ends the span of a body that was read to its end.
fn end(mut span: HttpClientSpan) {
    // An empty body has a size as well.
    span.add_response_body_size(0);
    span.end();
}
