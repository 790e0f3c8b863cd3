//! The ways in which real apps set up actix, with a real server and real requests.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::{Duration, Instant},
};

use actix_web::dev::Server;

use crate::tree::{exporter, spans_called};

/// Starts the server of `run`, sends a request to each path, and returns the number of SERVER spans per path.
fn served(run: impl FnOnce(TcpListener) -> std::io::Result<Server>, paths: &[&str]) -> Vec<usize> {
    exporter();
    actix_web::rt::System::new().block_on(async {
        let (listener, address) = listener();
        let server = run(listener).unwrap();
        let handle = server.handle();
        let running = actix_web::rt::spawn(server);
        let mut counts = Vec::new();
        for path in paths {
            let marked = marked(path);
            let target = marked.clone();
            actix_web::web::block(move || get(address, &target)).await.unwrap();
            counts.push(spans_with_target(&marked).await);
        }
        handle.stop(true).await;
        running.await.unwrap().unwrap();
        counts
    })
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A path with a query of its own, to find the request among those of all tests.
fn marked(path: &str) -> String {
    static REQUESTS: AtomicU32 = AtomicU32::new(0);
    format!("{path}?request={}", REQUESTS.fetch_add(1, Relaxed))
}

fn get(address: SocketAddr, target: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

/// The span may end a moment after the client has its answer.
async fn spans_with_target(target: &str) -> usize {
    let (path, query) = target.split_once('?').unwrap();
    let count = || {
        let has = |span: &opentelemetry_sdk::trace::SpanData, key: &str, value: &str| {
            span.attributes.iter().any(|kv| kv.key.as_str() == key && kv.value.as_str() == value)
        };
        let spans = spans_called(&format!("GET {path}"));
        spans.iter().filter(|span| has(span, "url.query", query)).count()
    };
    let deadline = Instant::now() + Duration::from_secs(10);
    while count() == 0 && Instant::now() < deadline {
        actix_web::rt::time::sleep(Duration::from_millis(1)).await;
    }
    count()
}

mod routes {
    use actix_web::{HttpResponse, get};

    #[get("/a")]
    pub async fn a() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[get("/b")]
    pub async fn b() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

mod run_fn_with_server {
    use actix_web::{App, HttpServer, web};
    use otel_actix::auto_instrument;

    use super::*;

    /// A server returned from a library function and spawned: captured data, `?` on the builder.
    #[auto_instrument]
    fn run(listener: TcpListener) -> std::io::Result<Server> {
        let data = web::Data::new(1_u32);
        let server = HttpServer::new(move || App::new().app_data(data.clone()).service(routes::a))
            .workers(1)
            .listen(listener)?
            .run();
        Ok(server)
    }

    #[test]
    fn every_request_has_one_span() {
        assert_eq!(served(run, &["/a", "/a"]), [1, 1]);
    }
}

mod main_fn_path_factory {
    use actix_web::{
        App, Error, HttpServer,
        body::BoxBody,
        dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    };
    use otel_actix::auto_instrument;

    use super::*;

    fn app() -> App<
        impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>,
    > {
        App::new().service(routes::a)
    }

    #[auto_instrument]
    fn by_path(listener: TcpListener) -> std::io::Result<Server> {
        Ok(HttpServer::new(app).workers(1).listen(listener)?.run())
    }

    #[auto_instrument]
    fn in_a_variable(listener: TcpListener) -> std::io::Result<Server> {
        let factory = || App::new().service(routes::a);
        Ok(actix_web::HttpServer::new(factory).workers(1).listen(listener)?.run())
    }

    #[test]
    fn app_built_elsewhere() {
        assert_eq!(served(by_path, &["/a"]), [1]);
        assert_eq!(served(in_a_variable, &["/a"]), [1]);
    }
}

mod typed_app_fn {
    use actix_web::{
        App, Error, HttpServer,
        body::BoxBody,
        dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    };
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument]
    fn app(
        plain: bool,
    ) -> App<
        impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>,
    > {
        if plain {
            return App::new();
        }
        App::new().service(routes::a)
    }

    fn run(listener: TcpListener) -> std::io::Result<Server> {
        Ok(HttpServer::new(|| app(false)).workers(1).listen(listener)?.run())
    }

    #[auto_instrument]
    fn run_annotated_too(listener: TcpListener) -> std::io::Result<Server> {
        Ok(HttpServer::new(|| app(false)).workers(1).listen(listener)?.run())
    }

    #[test]
    fn the_app_brings_its_telemetry_along() {
        assert_eq!(served(run, &["/a"]), [1]);
    }

    #[test]
    fn annotated_twice_is_one_span() {
        assert_eq!(served(run_annotated_too, &["/a"]), [1]);
    }

    /// No `HttpServer` at all.
    #[test]
    fn init_service() {
        let spans = crate::tree::async_tree(|| async {
            let app = actix_web::test::init_service(app(false)).await;
            let request = actix_web::test::TestRequest::with_uri("/a").to_request();
            assert!(actix_web::test::call_service(&app, request).await.status().is_success());
        });
        assert!(spans.starts_with("GET /a [Server]"), "{spans}");
    }
}

mod main_in_macro {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    use super::*;

    macro_rules! with_routes {
        ($($route:path),*) => { || App::new()$(.service($route))* };
    }

    macro_rules! started {
        ($server:expr, $listener:expr) => {
            Ok($server.workers(1).listen($listener)?.run())
        };
    }

    #[auto_instrument]
    fn run(listener: TcpListener) -> std::io::Result<Server> {
        started!(HttpServer::new(with_routes!(routes::a, routes::b)), listener)
    }

    #[test]
    fn server_and_app_inside_macros() {
        assert_eq!(served(run, &["/a", "/b"]), [1, 1]);
    }
}

mod conditional_app {
    use actix_web::{
        App, HttpServer,
        middleware::{Condition, DefaultHeaders},
    };
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument]
    fn run(listener: TcpListener) -> std::io::Result<Server> {
        Ok(HttpServer::new(move || {
            let mut app = App::new().service(routes::a);
            if cfg!(test) {
                app = app.service(routes::b);
            }
            #[cfg(any())]
            let app = app.service(missing);
            app.wrap(Condition::new(true, DefaultHeaders::new().add(("x-a", "b"))))
        })
        .workers(1)
        .listen(listener)?
        .run())
    }

    #[test]
    fn let_mut_app_and_cfg_between_steps() {
        assert_eq!(served(run, &["/a", "/b"]), [1, 1]);
    }
}

mod map_config_app {
    use actix_service::map_config;
    use actix_web::{App, HttpServer, dev::AppConfig};
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument]
    fn run(listener: TcpListener) -> std::io::Result<Server> {
        Ok(HttpServer::new(|| map_config(App::new().service(routes::a), |_| AppConfig::default()))
            .workers(1)
            .listen(listener)?
            .run())
    }

    #[test]
    fn what_is_no_app_is_instrumented_too() {
        assert_eq!(served(run, &["/a"]), [1]);
    }
}

mod server_alias {
    use actix_web::{App, HttpServer as Web};
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument(server = Web)]
    fn run(listener: TcpListener) -> std::io::Result<Server> {
        Ok(Web::new(|| App::new().service(routes::a)).workers(1).listen(listener)?.run())
    }

    #[test]
    fn is_found_under_its_other_name() {
        assert_eq!(served(run, &["/a"]), [1]);
    }
}

mod app_false {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument(app = false)]
    fn run(listener: TcpListener) -> std::io::Result<Server> {
        Ok(HttpServer::new(|| App::new().service(routes::a)).workers(1).listen(listener)?.run())
    }

    #[test]
    fn leaves_the_server_alone() {
        exporter();
        actix_web::rt::System::new().block_on(async {
            let (listener, address) = listener();
            let server = run(listener).unwrap();
            let handle = server.handle();
            let running = actix_web::rt::spawn(server);
            actix_web::web::block(move || get(address, "/a?request=nobody")).await.unwrap();
            handle.stop(true).await;
            running.await.unwrap().unwrap();
        });
        let seen = spans_called("GET /a")
            .iter()
            .any(|span| span.attributes.iter().any(|kv| kv.value.as_str() == "request=nobody"));
        assert!(!seen);
    }
}
