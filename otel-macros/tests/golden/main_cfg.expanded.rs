#[cfg(feature = "server")]
fn main() {
    #[tokio::main(flavor = "current_thread")]
    async fn main() {
        HttpServer::new({
            let __otel_factory = ::otel_actix::__private::factory(App::new);
            move || {
                use ::otel_actix::__private::{
                    MadeApp as _, MadeOther as _, MadeService as _,
                };
                let __otel_app = ::otel_actix::__private::Factory::make(&__otel_factory);
                let __otel_kind = (&&&::otel_actix::__private::Made(&__otel_app))
                    .__otel_kind();
                __otel_kind.instrument(__otel_app)
            }
        });
    }
    let __otel_telemetry = ::otel_actix::__private::start(::otel_actix::__private::Start {
        service_name: ::core::option::Option::None,
    });
    main()
}
