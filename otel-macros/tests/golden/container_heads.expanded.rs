mod heads {
    impl Matrix<{ N * 2 }> {
        fn rows(&self) {
            let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
                ::otel_actix::__private::begin({
                    static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                        "Matrix::rows",
                        ::otel_actix::__private::CodeLocation::new(
                            ::core::concat!(::core::module_path!(), "::Matrix::rows"),
                            ::core::file!(),
                            ::core::line!(),
                        ),
                    );
                    &CALL_SITE
                }),
            );
            '__otel_body: {}
        }
    }
    trait Sized<const N: usize = { 3 }>: Fn(u8) -> u8 {
        fn size(&self) -> usize {
            let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
                ::otel_actix::__private::begin({
                    static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                        "Sized::size",
                        ::otel_actix::__private::CodeLocation::new(
                            ::core::concat!(::core::module_path!(), "::Sized::size"),
                            ::core::file!(),
                            ::core::line!(),
                        ),
                    );
                    &CALL_SITE
                }),
            );
            '__otel_body: { N }
        }
    }
    impl<const N: usize, F: Fn() -> Vec<Vec<u8>>> Named for Checked<N, F>
    where
        Check<{ N > 0 }>: True,
    {
        fn name(&self) {
            let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
                ::otel_actix::__private::begin({
                    static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                        "Checked::name",
                        ::otel_actix::__private::CodeLocation::new(
                            ::core::concat!(::core::module_path!(), "::Checked::name"),
                            ::core::file!(),
                            ::core::line!(),
                        ),
                    );
                    &CALL_SITE
                }),
            );
            '__otel_body: {}
        }
    }
    mod elsewhere;
    mod inner {
        fn deep() {
            let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
                ::otel_actix::__private::begin({
                    static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                        "deep",
                        ::otel_actix::__private::CodeLocation::new(
                            ::core::concat!(::core::module_path!(), "::deep"),
                            ::core::file!(),
                            ::core::line!(),
                        ),
                    );
                    &CALL_SITE
                }),
            );
            '__otel_body: {}
        }
    }
}
