//! `server_auto` without the attribute.

use actix_web::{App, HttpServer};
use examples::{handlers, listen};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| App::new().configure(handlers::routes)).bind(listen::address())?;
    listen::announce(&server.addrs());
    server.run().await
}
