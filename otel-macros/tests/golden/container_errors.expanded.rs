impl Store {
    #[auto_instrument(nmae = "x")]
    fn wrong(&self) {}
    const fn constant() -> usize {
        1
    }
    ::core::compile_error! {
        "expected a function that runs at run time: a `const fn` cannot have a span\n\nhelp: remove `const`, or remove the attribute"
    }
    fn right(&self) {
        let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
            ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "Store::right",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::Store::right"),
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
