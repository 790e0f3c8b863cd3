#[get(
    "/users/{id}",
    wrap = "Logger::default()",
    wrap = ":: otel_actix :: __private :: route (:: otel_actix :: __private :: CodeLocation :: new (:: core :: concat ! (:: core :: module_path ! () , \"::user\") , :: core :: file ! () , :: core :: line ! ()))"
)]
async fn user(id: web::Path<u32>) -> impl Responder {
    HttpResponse::Ok().body(id.to_string())
}
