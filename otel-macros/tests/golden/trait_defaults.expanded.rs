pub trait Repository {
    async fn find(&self, id: u32) -> Option<Order>;
    fn first(&self) -> u32 {
        let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
            ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "Repository::first",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::Repository::first"),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                );
                &CALL_SITE
            }),
        );
        '__otel_body: { 1 }
    }
}
