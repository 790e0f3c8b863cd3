fn load<'a>(key: &'a Key) -> BoxFuture<'a, u32> {
    let (__otel_span, __otel_built) = ::otel_actix::__private::FunctionSpan::build(
        ::otel_actix::__private::begin({
            static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                "load",
                ::otel_actix::__private::CodeLocation::new(
                    ::core::concat!(::core::module_path!(), "::load"),
                    ::core::file!(),
                    ::core::line!(),
                ),
            );
            &CALL_SITE
        }),
        move || -> BoxFuture<'a, u32> { Box::pin(async move { key.number() }) },
    );
    use ::otel_actix::__private::{BuiltFuture as _, BuiltValue as _};
    let __otel_kind = (&&::otel_actix::__private::Built(&__otel_built)).__otel_kind();
    return __otel_kind
        .finish(
            __otel_span,
            __otel_built,
            |__otel_span, __otel_output| {
                use ::otel_actix::__private::{
                    OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
                };
                (&&&::otel_actix::__private::Returned(__otel_output))
                    .__otel_mark(__otel_span);
            },
        );
}
