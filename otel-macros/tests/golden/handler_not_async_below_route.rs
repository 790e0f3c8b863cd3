// below a route attribute
#[auto_instrument]
fn auto() -> impl Future<Output = Result<HttpResponse, Error>> {
    ok(HttpResponse::Ok().finish())
}
