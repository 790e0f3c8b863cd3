//! The server with one attribute and no telemetry code.

use actix_web::{App, HttpServer};
use examples::{handlers, listen};
use otel_actix::auto_instrument;

#[auto_instrument]
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| App::new().configure(handlers::routes)).bind(listen::address())?;
    listen::announce(&server.addrs());
    server.run().await
}
