async fn fan_out(job: Job) {
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
        })
        .drive(
            async move {
                if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
                    (),
                > {
                    return output;
                }
                {
                    let first = tokio::spawn(
                        ::otel_actix::__private::carry(async move { job.first().await }),
                    );
                    let second = actix_web::rt::spawn({
                        use ::otel_actix::__private::{
                            CarryAny as _, CarryClosure as _, CarryFuture as _,
                        };
                        let spawned = second();
                        let kind = (&&&::otel_actix::__private::Spawned(&spawned))
                            .kind();
                        kind.carry(spawned)
                    });
                    let third = web::block(
                        ::otel_actix::__private::carry_fn(move || third()),
                    );
                    join!(first, second, third);
                }
            },
            ::otel_actix::__private::ignore,
        )
        .await
}
