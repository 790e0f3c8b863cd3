//! Names of the expansion and names of the user.

/// With a unit struct, a new variable of the same name is a pattern; `#[get] async fn output()` makes a unit struct.
mod unit_structs_named_like_our_locals {
    #![allow(non_camel_case_types, reason = "as route attributes make them")]

    use actix_web::{
        App, Error, HttpServer, Responder,
        dev::{ServiceFactory, ServiceRequest, ServiceResponse},
        get, web,
    };
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    macro_rules! handlers {
        ($($name:ident)+) => {
            $(
                #[get("/")]
                async fn $name() -> &'static str {
                    stringify!($name)
                }
            )+

            fn all() -> [actix_web::Scope; [$(stringify!($name)),+].len()] {
                [$(web::scope(stringify!($name)).service($name)),+]
            }
        };
    }

    handlers! { output span success handler factory spawned kind app guard entered telemetry call value future server }

    #[auto_instrument(ret, args(id), fields(a = id))]
    async fn asynchronous(id: u32) -> Result<u32, String> {
        actix_web::rt::spawn(nothing(id)).await.map_err(|error| error.to_string())
    }

    #[auto_instrument]
    async fn nothing(id: u32) -> u32 {
        id
    }

    #[auto_instrument(ret, args(id))]
    fn synchronous(id: u32) -> Result<u32, String> {
        Ok(id)
    }

    #[auto_instrument(fields(a = 1))]
    fn unit() {}

    #[auto_instrument(handler, fields(a = 1))]
    async fn by_hand() -> impl Responder {
        "by hand"
    }

    #[auto_instrument(fields(a = 1))]
    #[get("/below")]
    async fn below() -> impl Responder {
        "below"
    }

    #[auto_instrument]
    fn whole_app()
    -> App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>>
    {
        all().into_iter().fold(App::new().service(below).route("/by", web::get().to(by_hand)), App::service)
    }

    #[auto_instrument]
    fn run(listener: std::net::TcpListener) -> std::io::Result<actix_web::dev::Server> {
        Ok(HttpServer::new(|| App::new().service(below)).listen(listener)?.run())
    }

    #[test]
    fn they_are_of_no_concern() {
        let spans = async_tree(|| async {
            let _ = (whole_app(), run as fn(_) -> _);
            // `assert_eq!` has a local of its own called `kind`.
            assert!(asynchronous(1).await == Ok(1) && synchronous(1) == Ok(1));
            unit();
        });
        assert!(spans == "asynchronous a=1 id=1 return=1\n  nothing\nsynchronous id=1 return=1\nunit a=1\n", "{spans}");
    }
}
