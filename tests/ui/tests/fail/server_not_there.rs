use actix_web::{App, HttpServer, dev::Server};
use otel_actix::auto_instrument;

#[auto_instrument(server = Srv)]
fn run() -> std::io::Result<Server> {
    Ok(HttpServer::new(App::new).bind("127.0.0.1:0")?.run())
}

#[auto_instrument(app = false)]
fn stop() {}

fn main() {
    let _ = run();
    stop();
}
