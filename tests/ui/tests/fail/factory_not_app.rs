use actix_web::HttpServer;
use otel_actix::auto_instrument;

#[auto_instrument]
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| "served").bind("127.0.0.1:0")?.run().await
}
