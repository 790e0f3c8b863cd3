async fn charge(amount: u32, #[cfg(test)] dry: bool) -> Result<Receipt, Error> {
    let __otel_span = ::otel_actix::__private::begin_linked(
        {
            static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "charge card",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::charge"),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                )
                .kind(::otel_actix::__private::SpanKind::Client)
                .root();
            &CALL_SITE
        },
        span_context,
    );
    if ::otel_actix::__private::FunctionSpan::is_recording(&__otel_span) {
        ::otel_actix::__private::FunctionSpan::record(
            &__otel_span,
            "payment.provider",
            &(PROVIDER),
        );
        ::otel_actix::__private::FunctionSpan::record(&__otel_span, "retry", &(3 > 2));
        {
            use ::otel_actix::__private::{
                ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _,
            };
            let __otel_value = (&&&::otel_actix::__private::Argument(&amount))
                .__otel_value();
            ::otel_actix::__private::FunctionSpan::record_value(
                &__otel_span,
                "amount",
                __otel_value,
            );
        }
    }
    return ::otel_actix::__private::FunctionSpan::drive(
            __otel_span,
            async move {
                if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<
                    Result<Receipt, Error>,
                > {
                    return __otel_output;
                }
                '__otel_body: { send(amount).await }
            },
            |__otel_span, __otel_output| {
                {
                    use ::otel_actix::__private::{
                        ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _,
                        SuccessOfResult as _, SuccessOfValue as _,
                    };
                    if let ::core::option::Option::Some(__otel_success) = (&&::otel_actix::__private::Success(
                        __otel_output,
                    ))
                        .__otel_success()
                    {
                        let __otel_value = (&&&::otel_actix::__private::Argument(
                            __otel_success,
                        ))
                            .__otel_value();
                        ::otel_actix::__private::FunctionSpan::record_value(
                            __otel_span,
                            "return",
                            __otel_value,
                        );
                    }
                }
                use ::otel_actix::__private::{
                    OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
                };
                (&&&::otel_actix::__private::Returned(__otel_output))
                    .__otel_mark(__otel_span);
            },
        )
        .await;
}
