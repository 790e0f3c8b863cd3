#[auto_instrument]
#[routes]
#[get("/a")]
#[actix_web::post("/b")]
#[route("/c", method = "PUT", method = "PATCH")]
async fn many() -> HttpResponse {
    HttpResponse::Ok().finish()
}
