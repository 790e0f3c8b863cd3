#[auto_instrument]
#[get("/users/{id}", wrap = "Logger::default()")]
async fn user(id: web::Path<u32>) -> impl Responder {
    HttpResponse::Ok().body(id.to_string())
}
