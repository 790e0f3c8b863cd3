#[get(
    "/users/{id}",
    wrap = ":: otel_actix :: __private :: route (:: otel_actix :: __private :: CodeLocation :: new (:: core :: concat ! (:: core :: module_path ! () , \"::user\") , :: core :: file ! () , :: core :: line ! ()))"
)]
async fn user(id: web::Path<u32>) -> impl Responder {
    let __otel_span = ::otel_actix::__private::server_span();
    if ::otel_actix::__private::RequestSpan::is_recording(&__otel_span) {
        ::otel_actix::__private::RequestSpan::record(&__otel_span, "user.id", &(*id));
    }
    '__otel_body: { HttpResponse::Ok().body(id.to_string()) }
}
