//! A span lasts until the last byte of its response.

use super::support::{Trace, attribute, serve, text};
use actix_web::body::{BodyStream, SizedStream};
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, web};
use futures_util::stream::{self, StreamExt as _};
use opentelemetry::trace::Status;
use otel_actix::HttpTelemetry;
use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(60);

/// Two chunks with a pause between them.
fn chunks() -> impl stream::Stream<Item = Result<Bytes, Infallible>> {
    stream::iter([b"one".as_slice(), b"two"]).then(|chunk| async move {
        actix_web::rt::time::sleep(PAUSE).await;
        Ok(Bytes::from_static(chunk))
    })
}

#[test]
fn a_stream_ends_the_span_with_its_last_chunk() {
    let server = serve!(|| {
        App::new()
            .route("/chunked", web::to(|| async { HttpResponse::Ok().streaming(chunks()) }))
            .route("/sized", web::to(|| async { HttpResponse::Ok().body(SizedStream::new(6, Box::pin(chunks()))) }))
    });
    for path in ["/chunked", "/sized"] {
        let (response, span) = server.get(path);
        assert!(response.contains("two"), "{response}");
        assert_eq!((span.status.clone(), attribute(&span, "error.type")), (Status::Unset, None));
        let duration = span.end_time.duration_since(span.start_time).unwrap();
        assert!(duration >= 2 * PAUSE, "{path}: {duration:?} ends before the body");
    }
}

#[test]
fn a_stream_keeps_the_span_open_where_the_apps_type_is_kept() {
    use super::support::serve_plain;
    let server = serve_plain!(|| {
        App::new()
            .route("/", web::to(|| async { HttpResponse::Ok().streaming(chunks()) }))
            .wrap(actix_web::middleware::Condition::new(true, actix_web::middleware::DefaultHeaders::new()))
            .wrap(HttpTelemetry::new())
    });
    let (_, span) = server.get("/");
    let duration = span.end_time.duration_since(span.start_time).unwrap();
    assert!(duration >= 2 * PAUSE, "{duration:?} ends before the body");
}

#[test]
fn a_stream_that_fails_keeps_its_status_code() {
    let server = serve!(|| {
        App::new().default_service(web::to(|| async {
            let failing = stream::iter([Ok(Bytes::from_static(b"one")), Err(std::io::Error::other("disk is gone"))]);
            HttpResponse::Ok().body(BodyStream::new(failing))
        }))
    });
    let (_, span) = server.get("/");
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("200"));
    assert_eq!(text(&span, "error.type").as_deref(), Some("response_body_error"));
    assert_eq!(span.status, Status::error(""));
}

#[test]
fn a_stream_that_the_client_abandons() {
    let server = serve!(|| {
        App::new().default_service(web::to(|| async {
            HttpResponse::Ok().streaming(stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 4096]))))
        }))
    });
    let trace = Trace::new();
    let mut stream = server.connect();
    stream.write_all(server.head_in(trace, "GET", "/", "").as_bytes()).unwrap();
    stream.read_exact(&mut [0; 1024]).unwrap();
    drop(stream);
    let span = trace.server_span();
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("200"));
    assert_eq!(text(&span, "error.type").as_deref(), Some("cancelled"));
    assert_eq!(span.status, Status::error(""));
}

#[test]
fn a_response_is_the_same_with_and_without_the_layer() {
    use super::support::serve_plain;
    use actix_web::body::None as NoBody;
    let app = || {
        App::new()
            .route("/none", web::to(|| async { HttpResponse::Ok().body(NoBody::new()) }))
            .route("/empty", web::to(HttpResponse::Ok))
            .route("/no-content", web::to(HttpResponse::NoContent))
            .route("/text", web::to(|| async { "text" }))
            .route("/not-modified", web::to(|| async { HttpResponse::NotModified().finish() }))
            .route("/chunked", web::to(|| async { HttpResponse::Ok().streaming(chunks()) }))
            .route("/sized", web::to(|| async { HttpResponse::Ok().body(SizedStream::new(6, Box::pin(chunks()))) }))
    };
    let (bare, traced) = (serve_plain!(app), serve!(app));
    for path in ["/none", "/empty", "/no-content", "/text", "/not-modified", "/chunked", "/sized", "/nowhere"] {
        for method in ["GET", "HEAD", "POST"] {
            let [expected, answer] = [&bare, &traced].map(|server| {
                let answer = server.send_raw(&server.head_in(Trace::new(), method, path, ""));
                answer.lines().filter(|line| !line.starts_with("date:")).collect::<Vec<_>>().join("\n")
            });
            assert_eq!(answer, expected, "{method} {path}");
        }
    }
}
