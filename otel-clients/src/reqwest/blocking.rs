//! Requests that block their thread.
//!
//! A time-out of the client limits each read of a traced response's body, rather than the whole body: a client does not
//! reveal its time-out. The time-out of a request limits both.

use std::io::Read as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use otel_core::client::HttpClientSpan;
use otel_core::config::ClientLibrary;
use otel_core::http::{ClientRequestFacts, ClientResponseFacts, error_type_of};

use super::error::error_type;
use super::reqwest::blocking::{Client, Request, RequestBuilder, Response};
use super::reqwest::{self, Error, ResponseBuilderExt as _};
use crate::body::ClientBody;
use crate::headers::{Headers, HeadersToSend};
use crate::http_span::http_span;
use crate::http_version::http_version;

/// The most bytes that are read at once.
const CHUNK: usize = 16 * 1024;

/// Sends a request of any client with a span.
pub trait SendTraced {
    /// As `send`, with a span.
    ///
    /// # Errors
    ///
    /// The errors of `send`.
    fn send_traced(self) -> Result<Response, Error>;
}

impl SendTraced for RequestBuilder {
    fn send_traced(self) -> Result<Response, Error> {
        let (client, request) = self.build_split();
        execute(&client, request?)
    }
}

/// Sends a request of any client with a span.
///
/// # Errors
///
/// The errors of `reqwest::blocking::Client::execute`.
pub fn execute(client: &Client, request: Request) -> Result<Response, Error> {
    call(request, |request| client.execute(request), traced)
}

/// Sends a request with `send`, in a span. `traced` gives the span to the response, whose body ends it.
pub(crate) fn call(
    mut request: Request,
    send: impl FnOnce(Request) -> Result<Response, Error>,
    traced: impl FnOnce(Response, HttpClientSpan) -> Response,
) -> Result<Response, Error> {
    let span = started(&mut request);
    let result = {
        let _attached = span.attach();
        send(request)
    };
    match result {
        Ok(response) => Ok(traced(response, span)),
        Err(error) => {
            if span.is_open() {
                span.fail(error_type(&error));
            }
            Err(error)
        }
    }
}

/// Starts the span of a request, and injects its context.
fn started(request: &mut Request) -> HttpClientSpan {
    let (url, headers) = (request.url(), Headers(request.headers()));
    let mut facts = ClientRequestFacts::new(request.method().as_str(), url.scheme(), url.authority(), url.path());
    facts.query = url.query();
    facts.body_size = request.body().and_then(|body| body.as_bytes()).map(|bytes| bytes.len() as u64);
    facts.headers = &headers;
    let span = http_span(ClientLibrary::Reqwest, &facts);
    span.inject(&mut HeadersToSend(request.headers_mut()));
    span
}

/// Returns the response with a body that ends the span when it ends, fails, or is dropped.
fn traced(mut response: Response, mut span: HttpClientSpan) -> Response {
    let mut facts = ClientResponseFacts::new(response.status().as_u16(), http_version(response.version()));
    facts.peer = response.remote_addr();
    facts.authority = Some(response.url().authority());
    span.respond(&facts.with_headers(&Headers(response.headers())));
    if !span.is_open() || response.content_length() == Some(0) {
        span.end();
        return response;
    }
    let head = http::Response::builder().status(response.status()).version(response.version());
    let Ok(mut head) = head.url(response.url().clone()).body(()) else { return response };
    *head.headers_mut() = response.headers().clone();
    head.extensions_mut().extend(std::mem::take(response.extensions_mut()));
    // The client may have decompressed the body, so its size is not the one that was sent.
    let body = reqwest::Body::wrap(ClientBody::new(BlockingBody { response }, span, false, io_error));
    Response::from(head.map(|()| body))
}

fn io_error(error: &std::io::Error) -> &'static str {
    let source = error.get_ref().and_then(|source| source.downcast_ref::<Error>());
    source.map_or_else(|| error_type_of(error).unwrap_or("response_body"), error_type)
}

/// The body of another response, read by blocking, as the reader of that response does.
struct BlockingBody {
    response: Response,
}

impl Body for BlockingBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let mut chunk = vec![0; CHUNK];
        Poll::Ready(match self.response.read(&mut chunk) {
            Ok(0) => None,
            Ok(length) => {
                chunk.truncate(length);
                Some(Ok(Frame::data(chunk.into())))
            }
            Err(error) => Some(Err(error)),
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.response.content_length().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
