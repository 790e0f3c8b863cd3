fn auto() -> impl Future<Output = Result<HttpResponse, Error>> {
    ::otel_actix::__private::begin({
            static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                "auto",
                ::otel_actix::__private::CodeLocation::new(
                    ::core::concat!(::core::module_path!(), "::auto"),
                    ::core::file!(),
                    ::core::line!(),
                ),
            );
            &CALL_SITE
        })
        .drive_returned(
            move || -> _ { ok(HttpResponse::Ok().finish()) },
            |__otel_span, __otel_output| {
                use ::otel_actix::__private::{
                    OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
                };
                (&&&::otel_actix::__private::Returned(__otel_output)).mark(__otel_span);
            },
        )
}
