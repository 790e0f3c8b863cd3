fn load(id: u64) -> impl Future<Output = u32> + Send {
    return ::otel_actix::__private::FunctionSpan::drive_returned(
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
        move || -> _ {
            let key = id + 1;
            async move { key }
        },
        |__otel_span, __otel_output| {
            use ::otel_actix::__private::{
                OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
            };
            (&&&::otel_actix::__private::Returned(__otel_output))
                .__otel_mark(__otel_span);
        },
    );
}
