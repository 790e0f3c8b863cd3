fn parse(text: &str) -> Result<u32, ParseIntError> {
    #[allow(clippy::result_large_err)]
    return ::otel_actix::__private::FunctionSpan::call(
        ::otel_actix::__private::begin({
            static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                "parse",
                ::otel_actix::__private::CodeLocation::new(
                    ::core::concat!(::core::module_path!(), "::parse"),
                    ::core::file!(),
                    ::core::line!(),
                ),
            );
            &CALL_SITE
        }),
        || -> Result<u32, ParseIntError> {
            let number = text.parse()?;
            Ok(number)
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
