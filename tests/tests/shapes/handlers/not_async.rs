//! Handlers that are no `async fn`: actix-web accepts any function that returns a future.

use actix_web::{Error, HttpResponse, get};
use otel_actix::auto_instrument;

use super::*;

#[get("/above")]
#[auto_instrument]
fn above() -> impl Future<Output = Result<HttpResponse, Error>> {
    std::future::ready(Ok(HttpResponse::Ok().finish()))
}

#[auto_instrument(fields(a = 1))]
#[get("/below")]
fn below() -> impl Future<Output = Result<HttpResponse, Error>> {
    std::future::ready(Ok(HttpResponse::Ok().finish()))
}

#[test]
fn above_it_the_request_is_seen_below_it_the_function() {
    assert_eq!(spans_of!(GET "/below" => 200, below), "GET /below [Server] a=1\n");
    assert_eq!(
        async_tree(|| async {
            let app = init_service(App::new().service(above).wrap(HttpTelemetry::new())).await;
            request(&app, Method::GET, "/above", 200).await;
        })
        .lines()
        .nth(1),
        Some("  above")
    );
}
