//! One request after the other, on a connection that is kept between them.

use std::fmt;

use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::{Request, Response, Uri};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;

use super::connector::Connector;
use super::failure::AttemptFailure;
use super::observed::{FirstBytes, Observed};
use super::stream::handshake;

/// Most bytes of an answer that are read, as the specification
/// [limits](https://opentelemetry.io/docs/specs/otlp/#otlphttp-response) them.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;

/// Sends requests to one endpoint.
pub(super) struct Connection {
    connector: Connector,
    open: Option<OpenConnection>,
}

/// An open connection.
struct OpenConnection {
    sender: SendRequest<Full<Bytes>>,
    received: FirstBytes,
}

impl Connection {
    pub(super) const fn new(connector: Connector) -> Self {
        Self { connector, open: None }
    }

    /// The variable of the proxy that is used.
    pub(super) fn proxy(&self) -> Option<&'static str> {
        self.connector.proxy().map(|proxy| proxy.variable)
    }

    /// Sends a request to the endpoint, whatever its own URI says, and reads the answer to its end.
    ///
    /// A future that is dropped before its end closes the connection.
    pub(super) async fn send(&mut self, request: &Request<Bytes>) -> Result<Response<Bytes>, AttemptFailure> {
        let request = self.addressed(request);
        // The server may have closed the kept connection.
        if let Some(open) = self.open.take() {
            match self.exchange(open, request.clone()).await {
                Err(failure) if failure.was_closed => {}
                result => return result,
            }
        }
        let stream = Observed::new(self.connector.connect().await?);
        let received = stream.first_bytes();
        let failed = |error: hyper::Error| AttemptFailure::of_exchange(&error, &received, self.connector.endpoint());
        let sender = handshake(Box::new(stream)).await.map_err(failed)?;
        self.exchange(OpenConnection { sender, received }, request).await
    }

    async fn exchange(
        &mut self,
        mut open: OpenConnection,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Bytes>, AttemptFailure> {
        let failed =
            |error: &hyper::Error| AttemptFailure::of_exchange(error, &open.received, self.connector.endpoint());
        open.sender.ready().await.map_err(|error| failed(&error))?;
        let answer = open.sender.send_request(request).await.map_err(|error| failed(&error))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                return AttemptFailure::lasting(format!("the answer has more than {LONGEST_ANSWER} bytes"));
            }
            error.downcast_ref().map_or_else(|| AttemptFailure::temporary(error.to_string()), failed)
        })?;
        self.open = Some(open);
        Ok(Response::from_parts(head, body.to_bytes()))
    }

    /// The request with the target and the headers that depend on where it is sent.
    fn addressed(&self, request: &Request<Bytes>) -> Request<Full<Bytes>> {
        let (endpoint, forwarding) = (self.connector.endpoint(), self.connector.forwarding_proxy());
        let mut addressed = Request::new(Full::new(request.body().clone()));
        *addressed.method_mut() = request.method().clone();
        *addressed.headers_mut() = request.headers().clone();
        if let Some(Ok(host)) = endpoint.authority().map(|authority| HeaderValue::from_str(authority.as_str())) {
            addressed.headers_mut().entry(HOST).or_insert(host);
        }
        match forwarding {
            // A proxy that forwards requests needs the whole URL.
            Some(proxy) => {
                addressed.uri_mut().clone_from(endpoint);
                if let Some(authorization) = proxy.authorization() {
                    addressed.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
                }
            }
            None => *addressed.uri_mut() = endpoint.path_and_query().cloned().map_or_else(Uri::default, Uri::from),
        }
        addressed
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("is_open", &self.open.is_some()).finish_non_exhaustive()
    }
}
