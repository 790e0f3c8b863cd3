#[get(
    "/test",
    wrap = ":: otel_actix :: __private :: route (:: otel_actix :: __private :: CodeLocation :: new (:: core :: concat ! (:: core :: module_path ! () , \"::auto\") , :: core :: file ! () , :: core :: line ! ()))"
)]
fn auto() -> impl Future<Output = Result<HttpResponse, Error>> {
    ok(HttpResponse::Ok().finish())
}
