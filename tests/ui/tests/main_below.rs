//! The attribute below the runtime's: the server starts, and ends when it is stopped.

use actix_web::{App, HttpServer};
use otel_actix::auto_instrument;

#[actix_web::main]
#[auto_instrument]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(App::new).workers(1).bind("127.0.0.1:0")?.run();
    actix_web::rt::spawn(server.handle().stop(true));
    server.await
}
