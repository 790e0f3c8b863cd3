//! The server without telemetry code: `cargo otel run` gives it the spans of its neighbours `server_auto` and
//! `server_manual`, whose handlers it serves.

#[path = "../../src/handlers.rs"]
mod handlers;
#[path = "../../src/listen.rs"]
mod listen;

use actix_web::{App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| App::new().configure(handlers::routes)).bind(listen::address())?;
    listen::announce(&server.addrs());
    server.run().await
}
