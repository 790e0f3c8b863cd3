fn begin(pool: &Pool, job: Job) {
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
        pool.spawn({
            let __otel_context_unless_carry_is_false = ::otel_actix::__private::context_to_carry();
            move || {
                let __otel_attached = ::otel_actix::__private::attach(
                    &__otel_context_unless_carry_is_false,
                );
                job.run()
            }
        });
        pool.spawn({
            let __otel_context_unless_carry_is_false = ::otel_actix::__private::context_to_carry();
            let __otel_closure = || pool.drain();
            let mut __otel_closure = __otel_closure;
            move || {
                let __otel_attached = ::otel_actix::__private::attach(
                    &__otel_context_unless_carry_is_false,
                );
                __otel_closure()
            }
        });
        pool.spawn(work);
    }
}
