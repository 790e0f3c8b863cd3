//! The server with its spans written by hand: [`examples::manual`].
//!
//! Start-up is the same as in `server_auto`, so that both export the same way. The path of a request is not: between
//! the socket and the handler there is no code of `otel-actix` here.

use actix_web::{App, HttpServer, middleware::from_fn};
use examples::{handlers, listen, manual};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let _telemetry = otel_actix::init();
    let server = HttpServer::new(|| App::new().configure(handlers::routes).wrap(from_fn(manual::server_span)))
        .bind(listen::address())?;
    listen::announce(&server.addrs());
    server.run().await
}
