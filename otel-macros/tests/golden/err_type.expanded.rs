fn parse(text: &str) -> Result<u32, Secret> {
    #[allow(clippy::result_large_err)]
    return my::telemetry::__private::FunctionSpan::call(
        my::telemetry::__private::begin({
            static CALL_SITE: my::telemetry::__private::CallSite = my::telemetry::__private::CallSite::new(
                "parse",
                my::telemetry::__private::CodeLocation::new(
                    ::core::concat!(::core::module_path!(), "::parse"),
                    ::core::file!(),
                    ::core::line!(),
                ),
            );
            &CALL_SITE
        }),
        || -> Result<u32, Secret> { text.parse() },
        |__otel_span, __otel_output| {
            use my::telemetry::__private::{OutcomeAny as _, OutcomeType as _};
            (&&my::telemetry::__private::Returned(__otel_output))
                .__otel_mark(__otel_span);
        },
    );
}
