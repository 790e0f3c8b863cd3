async fn load(id: u64) -> AppResult<Order> {
    return ::otel_actix::__private::FunctionSpan::drive(
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
            async move {
                if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<
                    AppResult<Order>,
                > {
                    return __otel_output;
                }
                '__otel_body: {
                    let row = query(id).await?;
                    Ok(row.into())
                }
            },
            |__otel_span, __otel_output| {
                use ::otel_actix::__private::{
                    OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
                };
                (&&&::otel_actix::__private::Returned(__otel_output))
                    .__otel_mark(__otel_span);
            },
        )
        .await;
}
