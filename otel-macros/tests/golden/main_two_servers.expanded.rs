fn main() -> std::io::Result<()> {
    #[tokio::main(flavor = "current_thread")]
    async fn main() -> std::io::Result<()> {
        let public = Srv::new({
                let __otel_factory = ::otel_actix::__private::factory(move || {
                    App::new().service(index)
                });
                move || {
                    use ::otel_actix::__private::InstrumentFallback as _;
                    ::otel_actix::__private::Probe(__otel_factory()).instrument()
                }
            })
            .bind("127.0.0.1:0")?
            .run();
        let admin = web::Srv::<
            _,
            _,
            _,
            _,
        >::new({
                let __otel_factory = ::otel_actix::__private::factory(admin_app);
                move || {
                    use ::otel_actix::__private::InstrumentFallback as _;
                    ::otel_actix::__private::Probe(__otel_factory()).instrument()
                }
            })
            .bind("127.0.0.1:0")?
            .run();
        tokio::try_join!(public, admin)?;
        Ok(())
    }
    main()
}
