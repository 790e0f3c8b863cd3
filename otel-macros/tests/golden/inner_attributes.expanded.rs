fn work() -> u8 {
    #![allow(clippy::let_and_return)]
    let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
        ::otel_actix::__private::begin({
            static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                "work",
                ::otel_actix::__private::CodeLocation::new(
                    ::core::concat!(::core::module_path!(), "::work"),
                    ::core::file!(),
                    ::core::line!(),
                ),
            );
            &CALL_SITE
        }),
    );
    '__otel_body: {
        let a = 1;
        a
    }
}
