fn main() -> std::io::Result<()> {
    let __otel_telemetry = ::otel_actix::__private::start(::otel_actix::__private::Start {
        service_name: ::core::option::Option::Some("shop"),
    });
    {
        '__otel_body: {
            <::actix_web::rt::System>::new()
                .block_on(async move {
                    {
                        HttpServer::new({
                                let __otel_factory = ::otel_actix::__private::factory(app);
                                move || {
                                    use ::otel_actix::__private::{
                                        MadeApp as _, MadeOther as _, MadeService as _,
                                    };
                                    let __otel_app = ::otel_actix::__private::Factory::make(
                                        &__otel_factory,
                                    );
                                    let __otel_kind = (&&&::otel_actix::__private::Made(
                                        &__otel_app,
                                    ))
                                        .__otel_kind();
                                    __otel_kind.instrument(__otel_app)
                                }
                            })
                            .bind("127.0.0.1:8080")?
                            .run()
                            .await
                    }
                })
        }
    }
}
