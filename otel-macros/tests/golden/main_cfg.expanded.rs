#[cfg(feature = "server")]
fn main() {
    #[tokio::main(flavor = "current_thread")]
    async fn main() {
        HttpServer::new({
            let factory = ::otel_actix::__private::factory(App::new);
            move || {
                use ::otel_actix::__private::InstrumentFallback as _;
                ::otel_actix::__private::Probe(factory()).instrument()
            }
        });
    }
    let _telemetry = ::otel_actix::__private::start(::otel_actix::__private::Start {
        service_name: ::core::option::Option::None,
    });
    main()
}
