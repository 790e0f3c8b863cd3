use otel_actix::auto_instrument;

struct HttpServer;

impl HttpServer {
    fn new(_: u8) -> Self {
        Self
    }
}

#[auto_instrument]
fn main() {
    let _ = HttpServer::new(5);
}
