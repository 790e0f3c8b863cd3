#[auto_instrument]
#[get("/test")]
fn auto() -> impl Future<Output = Result<HttpResponse, Error>> {
    ok(HttpResponse::Ok().finish())
}
