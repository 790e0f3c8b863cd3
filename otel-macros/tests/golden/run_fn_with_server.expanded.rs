pub fn run(listener: TcpListener, pool: PgPool) -> std::io::Result<Server> {
    let pool = web::Data::new(pool);
    let server = HttpServer::new({
            let factory = ::otel_actix::__private::factory(move || {
                App::new().app_data(pool.clone()).service(index)
            });
            move || {
                use ::otel_actix::__private::InstrumentFallback as _;
                ::otel_actix::__private::Probe(factory()).instrument()
            }
        })
        .listen(listener)?
        .run();
    Ok(server)
}
