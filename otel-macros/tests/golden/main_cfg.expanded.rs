#[cfg(feature = "server")]
fn main() {
    #[tokio::main(flavor = "current_thread")]
    async fn main() {
        HttpServer::new({
            let __otel_factory = ::otel_actix::__private::factory(App::new);
            move || {
                use ::otel_actix::__private::InstrumentFallback as _;
                ::otel_actix::__private::Probe(__otel_factory()).instrument()
            }
        });
    }
    let __otel_telemetry = ::otel_actix::__private::start(::otel_actix::__private::Start {
        service_name: ::core::option::Option::None,
    });
    main()
}
