#[auto_instrument(service_name = "shop")]
fn main() -> std::io::Result<()> {
    <::actix_web::rt::System>::new().block_on(async move {
        {
            HttpServer::new(app).bind("127.0.0.1:8080")?.run().await
        }
    })
}
