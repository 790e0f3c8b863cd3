#[routes]
#[get(
    "/a",
    wrap = ":: otel_actix :: __private :: route (:: otel_actix :: __private :: CodeLocation :: new (:: core :: concat ! (:: core :: module_path ! () , \"::many\") , :: core :: file ! () , :: core :: line ! ()))"
)]
#[actix_web::post(
    "/b",
    wrap = ":: otel_actix :: __private :: route (:: otel_actix :: __private :: CodeLocation :: new (:: core :: concat ! (:: core :: module_path ! () , \"::many\") , :: core :: file ! () , :: core :: line ! ()))"
)]
#[route(
    "/c",
    method = "PUT",
    method = "PATCH",
    wrap = ":: otel_actix :: __private :: route (:: otel_actix :: __private :: CodeLocation :: new (:: core :: concat ! (:: core :: module_path ! () , \"::many\") , :: core :: file ! () , :: core :: line ! ()))"
)]
async fn many() -> HttpResponse {
    HttpResponse::Ok().finish()
}
