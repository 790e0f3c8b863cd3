mod shop {
    use actix_web::{App, HttpServer, get};
    #[get(
        "/",
        wrap = ":: otel_actix :: __private :: route (:: otel_actix :: __private :: CodeLocation :: new (:: core :: concat ! (:: core :: module_path ! () , \"::index\") , :: core :: file ! () , :: core :: line ! ()))"
    )]
    async fn index() -> &'static str {
        "shop"
    }
    mod inner {
        pub fn work() {
            let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
                ::otel_actix::__private::begin({
                    static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                        "work",
                        ::otel_actix::__private::CodeLocation::new(
                            ::core::concat!(::core::module_path!(), "::work"),
                            ::core::file!(),
                            ::core::line!(),
                        ),
                    );
                    &CALL_SITE
                }),
            );
            '__otel_body: {}
        }
    }
    pub fn run() -> std::io::Result<Server> {
        Ok(
            HttpServer::new({
                    let __otel_factory = ::otel_actix::__private::factory(|| {
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
                .run(),
        )
    }
    #[cfg(test)]
    mod tests {
        #[test]
        fn nothing() {}
    }
}
