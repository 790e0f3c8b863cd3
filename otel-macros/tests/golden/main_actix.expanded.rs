/// The shop.
fn main() -> std::io::Result<()> {
    #[actix_web::main]
    #[allow(clippy::too_many_lines)]
    async fn main() -> std::io::Result<()> {
        HttpServer::new({
                let factory = ::otel_actix::__private::factory(|| {
                    App::new().service(index)
                });
                move || {
                    use ::otel_actix::__private::InstrumentFallback as _;
                    ::otel_actix::__private::Probe(factory()).instrument()
                }
            })
            .bind(("127.0.0.1", 8080))?
            .run()
            .await
    }
    let _telemetry = ::otel_actix::__private::start(::otel_actix::__private::Start {
        service_name: ::core::option::Option::None,
    });
    main()
}
