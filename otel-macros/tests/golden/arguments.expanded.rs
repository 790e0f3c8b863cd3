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
    if __otel_span.is_recording() {
        __otel_span.record("payment.provider", &(PROVIDER));
        __otel_span.record("retry", &(3 > 2));
        {
            use ::otel_actix::__private::{
                ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _,
            };
            __otel_span
                .record_value(
                    "amount",
                    (&&&::otel_actix::__private::Argument(&amount)).value(),
                );
        }
    }
    __otel_span
        .drive(
            async move {
                if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<
                    Result<Receipt, Error>,
                > {
                    return __otel_output;
                }
                { send(amount).await }
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
                        .get()
                    {
                        __otel_span
                            .record_value(
                                "return",
                                (&&&::otel_actix::__private::Argument(__otel_success))
                                    .value(),
                            );
                    }
                }
                use ::otel_actix::__private::{
                    OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
                };
                (&&&::otel_actix::__private::Returned(__otel_output)).mark(__otel_span);
            },
        )
        .await
}
