//! The future of a request.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_http::{ResponseHead, Version};
use awc::ConnectResponse;
use awc::error::SendRequestError;
use otel_core::client::HttpClientSpan;
use otel_core::http::{ClientResponseFacts, HttpVersion};
use pin_project_lite::pin_project;

use super::body::traced;
use super::error::error_type;
use super::head::ResponseHeaders;
use super::resend::Resend;

pin_project! {
    /// The future of a request: its span is current in each poll.
    #[must_use = "futures do nothing unless polled"]
    #[derive(Debug)]
    pub struct ClientFuture<F> {
        #[pin]
        future: F,
        // `None` once the response head came.
        span: Option<HttpClientSpan>,
        resend: Resend,
        // The client's time-out, counted from the first sending.
        timeout: Option<Duration>,
    }

    impl<F> PinnedDrop for ClientFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let (resend, timeout) = (*this.resend, *this.timeout);
            if let Some(span) = this.span.take() {
                if timeout.is_some_and(|timeout| span.is_open() && resend.elapsed() + span.elapsed() >= timeout) {
                    span.fail("timeout");
                }
            }
        }
    }
}

impl<F> ClientFuture<F> {
    #[inline]
    pub(super) fn new(future: F, span: HttpClientSpan, resend: Resend, timeout: Option<Duration>) -> Self {
        Self { future, span: Some(span), resend, timeout }
    }
}

impl<F> Future for ClientFuture<F>
where
    F: Future<Output = Result<ConnectResponse, SendRequestError>>,
{
    type Output = Result<ConnectResponse, SendRequestError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let polled = {
            let _attached = this.span.as_ref().map(HttpClientSpan::attach);
            this.future.poll(cx)
        };
        let result = ready!(polled);
        let Some(mut span) = this.span.take() else { return Poll::Ready(result) };
        let resend = *this.resend;
        Poll::Ready(match result {
            Ok(ConnectResponse::Client(response)) => {
                let response = response.map_body(|head, payload| {
                    respond(&mut span, head);
                    resend.responded(head, || span.elapsed());
                    traced(payload, span)
                });
                Ok(ConnectResponse::Client(response))
            }
            Ok(ConnectResponse::Tunnel(head, framed)) => {
                respond(&mut span, &head);
                // Bytes in a tunnel are no part of the request.
                span.end();
                Ok(ConnectResponse::Tunnel(head, framed))
            }
            Err(error) => {
                span.fail(error_type(&error));
                Err(error)
            }
        })
    }
}

fn respond(span: &mut HttpClientSpan, head: &ResponseHead) {
    let version = match head.version {
        Version::HTTP_09 => HttpVersion::Http09,
        Version::HTTP_10 => HttpVersion::Http10,
        Version::HTTP_2 => HttpVersion::Http2,
        Version::HTTP_3 => HttpVersion::Http3,
        _ => HttpVersion::Http11,
    };
    let facts = ClientResponseFacts::new(head.status.as_u16(), version);
    span.respond(&facts.with_headers(&ResponseHeaders(&head.headers)));
}
