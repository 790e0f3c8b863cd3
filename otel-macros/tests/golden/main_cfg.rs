#[auto_instrument]
#[cfg(feature = "server")]
#[tokio::main(flavor = "current_thread")]
async fn main() {
    HttpServer::new(App::new);
}
