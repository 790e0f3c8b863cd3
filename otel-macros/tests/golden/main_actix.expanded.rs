/// The shop.
fn main() -> std::io::Result<()> {
    #[actix_web::main]
    #[allow(clippy::too_many_lines)]
    async fn main() -> std::io::Result<()> {
        HttpServer::new({
                let __otel_factory = ::otel_actix::__private::factory(|| {
                    App::new().service(index)
                });
                move || {
                    use ::otel_actix::__private::InstrumentFallback as _;
                    ::otel_actix::__private::Probe(__otel_factory()).instrument()
                }
            })
            .bind(("127.0.0.1", 8080))?
            .run()
            .await
    }
    let __otel_telemetry = ::otel_actix::__private::start(::otel_actix::__private::Start {
        service_name: ::core::option::Option::None,
    });
    main()
}
