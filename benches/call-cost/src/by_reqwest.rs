//! Requests by `reqwest-middleware`.

use async_trait::async_trait;
use http::Extensions;
use otel_clients::reqwest_middleware::ClientTelemetry;
use reqwest::{Client, Request, Response};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next, Result};
use reqwest_tracing::TracingMiddleware;

use crate::{measure, providers};

/// The innermost middleware: it answers instead of sending.
struct Answer;

#[async_trait]
impl Middleware for Answer {
    async fn handle(&self, _: Request, _: &mut Extensions, _: Next<'_>) -> Result<Response> {
        Ok(Response::from(http::Response::new("")))
    }
}

fn run(client: &ClientWithMiddleware) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    measure(|| {
        runtime.block_on(async {
            drop(client.get("http://example.com:8080/users/42?verbose=1").send().await.unwrap());
        });
    });
}

pub(crate) fn plain() {
    run(&ClientBuilder::new(Client::new()).with(Answer).build());
}

pub(crate) fn ours() {
    providers::ours();
    run(&ClientBuilder::new(Client::new()).with(ClientTelemetry::new()).with(Answer).build());
}

pub(crate) fn others() {
    providers::tracing();
    run(&ClientBuilder::new(Client::new()).with(TracingMiddleware::default()).with(Answer).build());
}
