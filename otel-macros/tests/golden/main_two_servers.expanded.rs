fn main() -> std::io::Result<()> {
    #[tokio::main(flavor = "current_thread")]
    async fn main() -> std::io::Result<()> {
        let public = Srv::new({
                let __otel_factory = ::otel_actix::__private::factory(move || {
                    App::new().service(index)
                });
                move || {
                    use ::otel_actix::__private::{
                        MadeApp as _, MadeOther as _, MadeService as _,
                    };
                    let __otel_app = ::otel_actix::__private::Factory::make(
                        &__otel_factory,
                    );
                    let __otel_kind = (&&&::otel_actix::__private::Made(&__otel_app))
                        .__otel_kind();
                    __otel_kind.instrument(__otel_app)
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
                    use ::otel_actix::__private::{
                        MadeApp as _, MadeOther as _, MadeService as _,
                    };
                    let __otel_app = ::otel_actix::__private::Factory::make(
                        &__otel_factory,
                    );
                    let __otel_kind = (&&&::otel_actix::__private::Made(&__otel_app))
                        .__otel_kind();
                    __otel_kind.instrument(__otel_app)
                }
            })
            .bind("127.0.0.1:0")?
            .run();
        tokio::try_join!(public, admin)?;
        Ok(())
    }
    main()
}
