use actix_web::{App, HttpServer, web};
use otel_actix::auto_instrument;

#[auto_instrument]
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let name = String::from("shop");
    HttpServer::new(move || App::new().app_data(web::Data::new(name))).bind("127.0.0.1:0")?.run().await
}
