#[api_operation(summary = "a user")]
async fn user(id: web::Path<u32>) -> Result<Json<User>, Error> {
    ::otel_actix::__private::RequestSpan::set_code(
        &::otel_actix::__private::server_span(),
        ::otel_actix::__private::CodeLocation::new(
            ::core::concat!(::core::module_path!(), "::user"),
            ::core::file!(),
            ::core::line!(),
        ),
    );
    let __otel_span = ::otel_actix::__private::server_span();
    if ::otel_actix::__private::RequestSpan::is_recording(&__otel_span) {
        ::otel_actix::__private::RequestSpan::record(&__otel_span, "user.id", &(*id));
    }
    '__otel_body: { find(*id).await }
}
