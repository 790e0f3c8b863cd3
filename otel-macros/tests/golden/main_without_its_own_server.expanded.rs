fn main() -> std::io::Result<()> {
    #[actix_web::main]
    async fn main() -> std::io::Result<()> {
        shop::run(TcpListener::bind("127.0.0.1:0")?)?.await
    }
    let __otel_telemetry = ::otel_actix::__private::start(::otel_actix::__private::Start {
        service_name: ::core::option::Option::None,
    });
    main()
}
