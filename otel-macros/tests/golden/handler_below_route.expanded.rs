async fn user(
    __otel_handler: ::otel_actix::__private::Handler,
    id: web::Path<u32>,
) -> ::otel_actix::__private::Responded<Result<impl Responder, Error>> {
    return ::otel_actix::__private::Handler::run(
            __otel_handler,
            ::otel_actix::__private::CodeLocation::new(
                ::core::concat!(::core::module_path!(), "::user"),
                ::core::file!(),
                ::core::line!(),
            ),
            async move {
                let _ = &id;
                if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<
                    Result<_, Error>,
                > {
                    return __otel_output;
                }
                let __otel_span = ::otel_actix::__private::server_span();
                if ::otel_actix::__private::RequestSpan::is_recording(&__otel_span) {
                    ::otel_actix::__private::RequestSpan::record(
                        &__otel_span,
                        "user.id",
                        &(*id),
                    );
                }
                '__otel_body: { Ok(id.to_string()) }
            },
        )
        .await;
}
