#[auto_instrument(fields(user.id = *id))]
#[get("/users/{id}")]
async fn user(id: web::Path<u32>) -> impl Responder {
    HttpResponse::Ok().body(id.to_string())
}
