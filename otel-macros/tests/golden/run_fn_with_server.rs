#[auto_instrument]
pub fn run(listener: TcpListener, pool: PgPool) -> std::io::Result<Server> {
    let pool = web::Data::new(pool);
    let server = HttpServer::new(move || App::new().app_data(pool.clone()).service(index)).listen(listener)?.run();
    Ok(server)
}
