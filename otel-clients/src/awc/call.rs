//! A request that is about to be sent.

use std::time::Duration;

use awc::ConnectRequest;
use otel_core::client::{Attached, HttpClientSpan};
use otel_core::config::ClientLibrary;

use super::future::ClientFuture;
use super::head::Head;
use super::resend::Resend;
use crate::http_span::http_span;

/// The telemetry of a request that is about to be sent.
#[derive(Debug)]
pub(crate) struct Call {
    span: HttpClientSpan,
    resend: Resend,
}

impl Call {
    /// Starts the span of a request, and injects its context.
    pub(crate) fn start(request: &mut ConnectRequest) -> Self {
        let body_size = Head::body_size(request);
        let mut head = Head::of(request);
        let resend = Resend::of(head.head());
        let span = http_span(ClientLibrary::Awc, &head.facts(resend.count(), body_size));
        span.inject(&mut head);
        Self { span, resend }
    }

    /// Makes the span current.
    #[inline]
    pub(super) fn attach(&self) -> Attached {
        self.span.attach()
    }

    /// The future of the request with its span.
    #[inline]
    pub(crate) fn run<F>(self, future: F, timeout: Option<Duration>) -> ClientFuture<F> {
        ClientFuture::new(future, self.span, self.resend, timeout)
    }
}
