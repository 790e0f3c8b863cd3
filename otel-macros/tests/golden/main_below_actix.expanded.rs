fn main() -> std::io::Result<()> {
    let __otel_telemetry = ::otel_actix::__private::start(::otel_actix::__private::Start {
        service_name: ::core::option::Option::Some("shop"),
    });
    {
        {
            <::actix_web::rt::System>::new()
                .block_on(async move {
                    {
                        HttpServer::new({
                                let __otel_factory = ::otel_actix::__private::factory(app);
                                move || {
                                    use ::otel_actix::__private::InstrumentFallback as _;
                                    ::otel_actix::__private::Probe(__otel_factory())
                                        .instrument()
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
