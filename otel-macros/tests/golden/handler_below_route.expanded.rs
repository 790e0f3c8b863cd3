async fn user(
    handler: ::otel_actix::__private::Handler,
    id: web::Path<u32>,
) -> ::otel_actix::__private::Responded<Result<impl Responder, Error>> {
    handler
        .run(
            ::otel_actix::__private::CodeLocation::new(
                ::core::concat!(::core::module_path!(), "::user"),
                ::core::file!(),
                ::core::line!(),
            ),
            async move {
                if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
                    Result<_, Error>,
                > {
                    return output;
                }
                let span = ::otel_actix::__private::server_span();
                if span.is_recording() {
                    span.record("user.id", &(*id));
                }
                { Ok(id.to_string()) }
            },
        )
        .await
}
