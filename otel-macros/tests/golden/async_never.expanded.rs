async fn forever() -> ! {
    ::otel_actix::__private::FunctionSpan::drive::<
        ::otel_actix::__private::Never,
        _,
        _,
    >(
            ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "forever",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::forever"),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                );
                &CALL_SITE
            }),
            async move {
                '__otel_body: {
                    loop {
                        step().await
                    }
                }
            },
            ::otel_actix::__private::ignore,
        )
        .await
}
