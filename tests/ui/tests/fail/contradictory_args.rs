use actix_web::{App, HttpServer};
use otel_actix::auto_instrument;

#[auto_instrument(skip, name = "a")]
fn skipped() {}

#[auto_instrument(ret, root)]
impl Container {
    fn method(&self) {}
}

struct Container;

#[auto_instrument(handler, ret)]
async fn handler() -> &'static str {
    "served"
}

#[auto_instrument(service_name = "shop", init = false)]
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    skipped();
    Container.method();
    handler().await;
    HttpServer::new(App::new).bind("127.0.0.1:0")?.run().await
}
