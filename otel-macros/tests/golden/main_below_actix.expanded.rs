fn main() -> std::io::Result<()> {
    let _telemetry = ::otel_actix::__private::start(::otel_actix::__private::Start {
        service_name: ::core::option::Option::Some("shop"),
    });
    {
        <::actix_web::rt::System>::new()
            .block_on(async move {
                {
                    HttpServer::new({
                            let factory = ::otel_actix::__private::factory(app);
                            move || {
                                use ::otel_actix::__private::InstrumentFallback as _;
                                ::otel_actix::__private::Probe(factory()).instrument()
                            }
                        })
                        .bind("127.0.0.1:8080")?
                        .run()
                        .await
                }
            })
    }
}
