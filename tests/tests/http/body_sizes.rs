//! The size of a body is the number of its bytes that were sent.

use super::support::http2::{Connection, block_on, read, request};
use super::support::{TestServer, Trace, serve_plain, text};
use actix_web::body::{MessageBody, SizedStream};
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::web::Bytes;
use actix_web::{App, Error, HttpResponse, web};
use futures_util::stream;
use otel_actix::{HttpSettings, HttpTelemetry};
use std::convert::Infallible;

const LENGTH: usize = 5000;

fn streamed() -> HttpResponse {
    let chunks = stream::iter([Ok::<_, Infallible>(Bytes::from_static(&[b'x'; LENGTH]))]);
    HttpResponse::Ok().body(SizedStream::new(LENGTH as u64, chunks))
}

fn app() -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let mut settings = HttpSettings::current().clone();
    settings.body_sizes = true;
    App::new()
        .route("/bytes", web::to(|| async { HttpResponse::Ok().body(vec![b'x'; LENGTH]) }))
        .route("/streamed", web::to(|| async { streamed() }))
        .route("/no-content", web::to(|| async { HttpResponse::NoContent().body(vec![b'x'; LENGTH]) }))
        .route("/not-modified", web::to(|| async { HttpResponse::NotModified().body(vec![b'x'; LENGTH]) }))
        .route("/empty", web::to(HttpResponse::Ok))
        .wrap(HttpTelemetry::new().with_settings(settings).wrapping_bodies())
}

/// Returns the number of bytes after the head, and the recorded size.
fn sizes(server: &TestServer, method: &str, path: &str) -> (usize, String) {
    let (response, span) = server.request(method, path, "");
    let sent = response.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len());
    (sent, text(&span, "http.response.body.size").unwrap_or_default())
}

#[test]
fn a_body_that_is_not_sent_has_no_size() {
    let server = serve_plain!(app);
    for path in ["/bytes", "/streamed"] {
        assert_eq!(sizes(&server, "GET", path), (LENGTH, LENGTH.to_string()), "{path}");
        assert_eq!(sizes(&server, "HEAD", path), (0, "0".to_owned()), "{path}");
    }
    for path in ["/no-content", "/not-modified", "/empty"] {
        for method in ["GET", "HEAD", "POST"] {
            // By HTTP there is no body, although actix-http writes bytes after a 204 whose handler gave it some.
            assert_eq!(sizes(&server, method, path).1, "0", "{method} {path}");
        }
    }
}

#[test]
fn a_size_over_http_2_is_the_same() {
    let server = TestServer::start(|listener| {
        actix_web::HttpServer::new(app).workers(1).listen_auto_h2c(listener).unwrap().run()
    });
    for (method, path, length) in [
        ("GET", "/bytes", LENGTH),
        ("GET", "/streamed", LENGTH),
        ("HEAD", "/bytes", 0),
        ("HEAD", "/streamed", 0),
        ("GET", "/no-content", 0),
        ("GET", "/empty", 0),
    ] {
        let trace = Trace::new();
        let (_, body) = block_on(async {
            let mut connection = Connection::new(&server).await;
            read(connection.send(request(&format!("http://{}{path}", server.address), method, trace))).await.unwrap()
        });
        assert_eq!(body.len(), length, "{method} {path}");
        let recorded = text(&trace.server_span(), "http.response.body.size");
        assert_eq!(recorded, Some(length.to_string()), "{method} {path}");
    }
}
