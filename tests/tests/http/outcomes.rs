//! Every way a request can end without a stream.

use super::support::{Trace, attribute, serve, text};
use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::{App, HttpResponse, error, web};
use opentelemetry::trace::Status;
use std::io::Write as _;
use std::sync::mpsc;

fn failed(description: &str) -> Status {
    Status::error(description.to_owned())
}

#[test]
fn an_error_of_the_handler() {
    let server = serve!(|| {
        App::new()
            .route("/500", web::to(|| async { Err::<HttpResponse, _>(error::ErrorInternalServerError("no database")) }))
            .route("/400", web::to(|| async { Err::<HttpResponse, _>(error::ErrorBadRequest("no name")) }))
            .route("/503", web::to(HttpResponse::ServiceUnavailable))
    });
    let (_, span) = server.get("/500");
    assert_eq!(span.status, failed("no database"));
    assert_eq!(text(&span, "error.type").as_deref(), Some("500"));
    assert_eq!(text(&span, "http.route").as_deref(), Some("/500"));
    assert_eq!(span.events.len(), 1);
    assert_eq!(span.events[0].name, "exception");
    assert!(span.events[0].timestamp <= span.end_time, "an event of the span is within it");

    // A mistake of the client is no error of the server, and 4xx is not Ok either.
    let (_, span) = server.get("/400");
    assert_eq!((span.status.clone(), attribute(&span, "error.type")), (Status::Unset, None));
    assert!(span.events.is_empty());

    let (_, span) = server.get("/503");
    assert_eq!((span.status.clone(), text(&span, "error.type").as_deref()), (failed(""), Some("503")));
}

#[test]
fn an_error_of_an_extractor() {
    let server = serve!(|| App::new().route("/n/{n}", web::to(|n: web::Path<u32>| async move { n.to_string() })));
    let (response, span) = server.get("/n/x");
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    assert_eq!(span.name, "GET /n/{n}");
    assert_eq!(span.status, Status::Unset);
}

#[test]
fn an_error_of_a_middleware_keeps_its_status() {
    let server = serve!(|| {
        App::new()
            .wrap_fn(|request, service| {
                let teapot = request.path() == "/teapot";
                let response = service.call(request);
                async move {
                    let response = response.await?;
                    drop(response);
                    Err::<ServiceResponse, _>(if teapot {
                        error::ErrorImATeapot("short and stout")
                    } else {
                        error::ErrorBadGateway("upstream is gone")
                    })
                }
            })
            .default_service(web::to(HttpResponse::Ok))
    });
    let (response, span) = server.get("/x");
    assert!(response.starts_with("HTTP/1.1 502"), "{response}");
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("502"));
    assert_eq!(text(&span, "error.type").as_deref(), Some("502"));
    assert_eq!(span.status, failed("upstream is gone"));
    let (_, span) = server.get("/teapot");
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("418"));
    assert_eq!(span.status, Status::Unset);
}

#[test]
fn a_panic() {
    async fn panics() -> HttpResponse {
        panic!("on purpose")
    }
    let server = serve!(|| App::new().route("/", web::to(panics)));
    let (response, span) = server.get("/");
    assert_eq!(response, "", "the connection is closed without a response");
    assert_eq!(text(&span, "error.type").as_deref(), Some("panic"));
    assert_eq!(attribute(&span, "http.response.status_code"), None);
    assert_eq!(span.status, failed(""));
    assert_eq!(span.name, "GET");
}

#[test]
fn a_request_that_a_middleware_gives_up() {
    let server = serve!(|| {
        App::new()
            .wrap_fn(|request, service| {
                let response = service.call(request);
                async move {
                    match actix_web::rt::time::timeout(std::time::Duration::from_millis(20), response).await {
                        Ok(response) => response.map(ServiceResponse::map_into_boxed_body),
                        Err(_) => Err(error::ErrorGatewayTimeout("too slow")),
                    }
                }
            })
            .default_service(web::to(std::future::pending::<HttpResponse>))
    });
    let (_, span) = server.get("/");
    assert_eq!(text(&span, "error.type").as_deref(), Some("504"));
}

/// Starts a request whose handler never answers, and waits until the handler runs.
fn stuck_request() -> (super::support::TestServer, Trace, std::net::TcpStream) {
    let (running, ran) = mpsc::channel();
    let server = serve!(move || {
        let running = running.clone();
        App::new().default_service(web::to(move || {
            running.send(()).unwrap();
            std::future::pending::<HttpResponse>()
        }))
    });
    let trace = Trace::new();
    let mut stream = server.connect();
    stream.write_all(server.head_in(trace, "GET", "/", "").as_bytes()).unwrap();
    ran.recv().unwrap();
    (server, trace, stream)
}

fn assert_cancelled(trace: Trace) {
    let span = trace.server_span();
    assert_eq!(text(&span, "error.type").as_deref(), Some("cancelled"));
    assert_eq!(attribute(&span, "http.response.status_code"), None);
    assert_eq!(span.status, failed(""));
}

#[test]
fn a_server_that_stops() {
    let (server, trace, _stream) = stuck_request();
    server.kill();
    assert_cancelled(trace);
}

#[test]
fn the_end_of_a_head_request_is_its_head() {
    let server = serve!(|| App::new().route("/", web::head().to(|| async { "never sent" })));
    let (response, span) = server.request("HEAD", "/", "");
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert_eq!((span.name.as_ref(), span.status), ("HEAD /", Status::Unset));
}
