//! A library that sends its requests through `reqwest`, with a request of its own before each.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use otel_clients::reqwest_0_13::TracedClient;
use reqwest_0_13::{Body, Error};
use tower_service::Service;

/// Sends each request by a traced client, after a request for a token.
#[derive(Clone, Debug)]
pub(crate) struct ThroughReqwest {
    pub(crate) client: TracedClient,
    pub(crate) token_url: String,
}

impl Service<Request<String>> for ThroughReqwest {
    type Response = Response<Body>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let Self { client, token_url } = self.clone();
        Box::pin(async move {
            client.get(token_url).send().await?.bytes().await?;
            client.execute(request.try_into()?).await.map(Response::from)
        })
    }
}
