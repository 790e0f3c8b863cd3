async fn wide(
    __otel_handler: ::otel_actix::__private::Handler,
    #[cfg(a)]
    a: A,
    #[cfg(a)]
    b: B,
    #[cfg(a)]
    c: B,
    #[cfg(a)]
    d: B,
    #[cfg(a)]
    e: B,
    #[cfg(a)]
    f: B,
    #[cfg(a)]
    g: B,
) -> ::otel_actix::__private::Responded<HttpResponse> {
    return ::otel_actix::__private::Handler::run(
            __otel_handler,
            ::otel_actix::__private::CodeLocation::new(
                ::core::concat!(::core::module_path!(), "::wide"),
                ::core::file!(),
                ::core::line!(),
            ),
            async move {
                if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<
                    HttpResponse,
                > {
                    return __otel_output;
                }
                '__otel_body: { ok().await }
            },
        )
        .await;
}
