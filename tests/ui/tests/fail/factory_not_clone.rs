use actix_web::{App, HttpServer, web};
use otel_actix::auto_instrument;

struct Pool;

#[auto_instrument]
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let pool = Pool;
    HttpServer::new(move || {
        let _ = &pool;
        App::new().route("/", web::get().to(|| async { "served" }))
    })
    .bind("127.0.0.1:0")?
    .run()
    .await
}
