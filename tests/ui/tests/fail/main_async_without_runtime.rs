use actix_web::{App, HttpServer};
use otel_actix::auto_instrument;

#[auto_instrument]
#[allow(dead_code)]
async fn main() -> std::io::Result<()> {
    HttpServer::new(App::new).bind("127.0.0.1:0")?.run().await
}
