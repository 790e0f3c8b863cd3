fn begin(set: &mut JoinSet<()>, work: Work) {
    let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
        ::otel_actix::__private::begin({
            static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                "begin",
                ::otel_actix::__private::CodeLocation::new(
                    ::core::concat!(::core::module_path!(), "::begin"),
                    ::core::file!(),
                    ::core::line!(),
                ),
            );
            &CALL_SITE
        }),
    );
    '__otel_body: {
        set.spawn({
            use ::otel_actix::__private::{
                CarryAny as _, CarryBoxed as _, CarryClosure as _, CarryFuture as _,
            };
            let __otel_kind = (&&&&&::otel_actix::__private::Passed(&work))
                .__otel_kind();
            __otel_kind.carry(work)
        });
    }
}
