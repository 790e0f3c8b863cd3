async fn wide(
    (handler, Query(a)): (::otel_actix::__private::Handler, Query<A>),
    b: B,
    c: B,
    d: B,
    e: B,
    f: B,
    g: B,
    h: B,
    i: B,
    j: B,
    k: B,
    l: B,
) -> ::otel_actix::__private::Responded<HttpResponse> {
    handler
        .run(
            ::otel_actix::__private::CodeLocation::new(
                ::core::concat!(::core::module_path!(), "::wide"),
                ::core::file!(),
                ::core::line!(),
            ),
            async move {
                if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
                    HttpResponse,
                > {
                    return output;
                }
                { ok().await }
            },
        )
        .await
}
