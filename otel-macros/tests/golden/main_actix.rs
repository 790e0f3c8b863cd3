#[auto_instrument]
/// The shop.
#[actix_web::main]
#[allow(clippy::too_many_lines)]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| App::new().service(index)).bind(("127.0.0.1", 8080))?.run().await
}
