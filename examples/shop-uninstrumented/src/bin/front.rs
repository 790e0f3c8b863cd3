//! The service for customers. It requests the content of an order from `back`.

use std::{env, io};

use actix_web::{App, HttpResponse, HttpServer, error, get, web};

#[get("/orders/{id}")]
async fn order(id: web::Path<u32>, client: web::Data<awc::Client>) -> Result<HttpResponse, error::Error> {
    let back = env::var("BACK_URL").unwrap_or_else(|_| "http://127.0.0.1:8082".to_owned());
    let answer = client.get(format!("{back}/items/{id}")).send().await;
    let mut answer = answer.map_err(error::ErrorBadGateway)?;
    let items = answer.body().await.map_err(error::ErrorBadGateway)?;
    Ok(HttpResponse::build(answer.status()).body(items))
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let server = HttpServer::new(|| App::new().app_data(web::Data::new(awc::Client::new())).service(order));
    let server = server.workers(2).bind("127.0.0.1:0")?;
    println!("listening on {}", server.addrs()[0]);
    server.run().await
}
