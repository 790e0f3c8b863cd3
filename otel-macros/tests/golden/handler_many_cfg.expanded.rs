async fn wide(
    #[cfg(feature = "a")]
    a: A,
    #[cfg(not(feature = "a"))]
    b: B,
    (__otel_handler, c): (::otel_actix::__private::Handler, B),
    d: B,
    e: B,
    f: B,
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
