pub fn run(listener: TcpListener, pool: PgPool) -> std::io::Result<Server> {
    let pool = web::Data::new(pool);
    let server = HttpServer::new({
            let __otel_factory = ::otel_actix::__private::factory(move || {
                App::new().app_data(pool.clone()).service(index)
            });
            move || {
                use ::otel_actix::__private::InstrumentFallback as _;
                ::otel_actix::__private::Probe(__otel_factory()).instrument()
            }
        })
        .listen(listener)?
        .run();
    Ok(server)
}
