#[auto_instrument(app = false)]
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    shop::run(TcpListener::bind("127.0.0.1:0")?)?.await
}
