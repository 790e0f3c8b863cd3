impl Futures {
    fn fused() -> impl Future<Output = u8> + FusedFuture {
        let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
            ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "Futures::fused",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::Futures::fused"),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                );
                &CALL_SITE
            }),
        );
        '__otel_body: { ready(1) }
    }
    fn cloned() -> impl Clone + Future<Output = u8> {
        let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
            ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "Futures::cloned",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::Futures::cloned"),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                );
                &CALL_SITE
            }),
        );
        '__otel_body: { ready(1) }
    }
    fn boxed() -> Pin<Box<dyn Future<Output = u8> + UnwindSafe>> {
        let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
            ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "Futures::boxed",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::Futures::boxed"),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                );
                &CALL_SITE
            }),
        );
        '__otel_body: { Box::pin(ready(1)) }
    }
    fn plain<'a, T>(
        text: &'a str,
    ) -> impl Future<Output = u8> + Send + Sync + core::marker::Unpin + 'a + use<'a, T> {
        return ::otel_actix::__private::FunctionSpan::drive_returned(
            ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "Futures::plain",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::Futures::plain"),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                );
                &CALL_SITE
            }),
            move || -> _ { ready(1) },
            |__otel_span, __otel_output| {
                use ::otel_actix::__private::{
                    OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
                };
                (&&&::otel_actix::__private::Returned(__otel_output))
                    .__otel_mark(__otel_span);
            },
        );
    }
    #[cfg_attr(feature = "telemetry", otel_actix::auto_instrument(name = "sometimes"))]
    fn conditional(&self) {}
    #[cfg_attr(feature = "fast", inline)]
    fn other_condition(&self) {
        let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
            ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "Futures::other_condition",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(
                            ::core::module_path!(), "::Futures::other_condition"
                        ),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                );
                &CALL_SITE
            }),
        );
        '__otel_body: {}
    }
}
