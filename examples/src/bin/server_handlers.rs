//! A server without `#[auto_instrument]` on `main`: only the annotated handlers have spans.
//!
//! The attribute goes above or below the route attribute; on a handler without one it has the argument `(handler)`.

use actix_web::{
    App, HttpServer, get, post,
    web::{self, Json, Path},
};
use examples::listen;
use otel_actix::auto_instrument;
use serde::{Deserialize, Serialize};

/// Above the route attribute: requests that an extractor rejects have a span, too.
#[auto_instrument]
#[get("/items/{number}")]
async fn item(number: Path<u32>) -> String {
    format!("item {number}")
}

#[derive(Debug, Deserialize, Serialize)]
struct Order {
    item: String,
    quantity: u32,
}

/// Below the route attribute.
#[post("/orders")]
#[auto_instrument]
async fn create_order(order: Json<Order>) -> Json<Order> {
    order
}

/// Registered with `web::get().to(user)`: nothing here shows that this is a handler, so the attribute has to.
#[auto_instrument(handler)]
async fn user(id: Path<String>) -> String {
    format!("user {id}")
}

/// Without an attribute there is no span.
#[get("/health")]
async fn health() -> &'static str {
    "healthy"
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let _telemetry = otel_actix::init();
    let server = HttpServer::new(|| {
        App::new().service(item).service(create_order).service(health).route("/users/{id}", web::get().to(user))
    })
    .bind(listen::address())?;
    listen::announce(&server.addrs());
    server.run().await
}
