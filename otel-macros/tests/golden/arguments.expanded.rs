async fn charge(amount: u32, #[cfg(test)] dry: bool) -> Result<Receipt, Error> {
    let span = ::otel_actix::__private::begin_linked(
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
    if span.is_recording() {
        span.record("payment.provider", &(PROVIDER));
        span.record("retry", &(3 > 2));
        {
            use ::otel_actix::__private::{
                ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _,
            };
            span.record_value(
                "amount",
                (&&&::otel_actix::__private::Argument(&amount)).value(),
            );
        }
    }
    span.drive(
            async move {
                if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
                    Result<Receipt, Error>,
                > {
                    return output;
                }
                { send(amount).await }
            },
            |span, output| {
                {
                    use ::otel_actix::__private::{
                        ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _,
                        SuccessOfResult as _, SuccessOfValue as _,
                    };
                    if let ::core::option::Option::Some(success) = (&&::otel_actix::__private::Success(
                        output,
                    ))
                        .get()
                    {
                        span.record_value(
                            "return",
                            (&&&::otel_actix::__private::Argument(success)).value(),
                        );
                    }
                }
                use ::otel_actix::__private::{
                    OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
                };
                (&&&::otel_actix::__private::Returned(output)).mark(span);
            },
        )
        .await
}
