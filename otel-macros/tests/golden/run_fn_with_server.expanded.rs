pub fn run(listener: TcpListener, pool: PgPool) -> std::io::Result<Server> {
    let pool = web::Data::new(pool);
    let server = HttpServer::new({
            let __otel_factory = ::otel_actix::__private::factory(move || {
                App::new().app_data(pool.clone()).service(index)
            });
            move || {
                use ::otel_actix::__private::{
                    MadeApp as _, MadeOther as _, MadeService as _,
                };
                let __otel_app = ::otel_actix::__private::Factory::make(&__otel_factory);
                let __otel_kind = (&&&::otel_actix::__private::Made(&__otel_app))
                    .__otel_kind();
                __otel_kind.instrument(__otel_app)
            }
        })
        .listen(listener)?
        .run();
    Ok(server)
}
