use otel_actix::auto_instrument;

mod shop {
    pub async fn run() -> std::io::Result<()> {
        Ok(())
    }
}

#[auto_instrument]
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    shop::run().await
}
