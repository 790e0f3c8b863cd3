async fn fan_out(job: Job) {
    return ::otel_actix::__private::FunctionSpan::drive(
            ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "fan_out",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::fan_out"),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                );
                &CALL_SITE
            }),
            async move {
                let _ = &job;
                if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<
                    (),
                > {
                    return __otel_output;
                }
                '__otel_body: {
                    let first = tokio::spawn(
                        ::otel_actix::__private::carry(async move { job.first().await }),
                    );
                    let second = actix_web::rt::spawn(
                        match (second()) {
                            __otel_spawned => {
                                use ::otel_actix::__private::{
                                    CarryAny as _, CarryBoxed as _, CarryClosure as _,
                                    CarryFuture as _,
                                };
                                let __otel_kind = (&&&&::otel_actix::__private::Spawned(
                                    &__otel_spawned,
                                ))
                                    .__otel_kind();
                                __otel_kind.carry(__otel_spawned)
                            }
                        },
                    );
                    let third = web::block(
                        ::otel_actix::__private::carry_fn(move || third()),
                    );
                    join!(first, second, third);
                }
            },
            ::otel_actix::__private::ignore,
        )
        .await;
}
