//! Values that are dropped with a request, and not by its handler. Their telemetry belongs to the request as well.

use std::convert::Infallible;
use std::io::{self, Read as _, Write as _};
use std::pin::Pin;
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::{self, Poll};

use actix_service::map_config;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::Bytes;
use actix_web::{App, Error, HttpResponse, web};
use futures_util::stream;
use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt as _, TraceId};
use otel_actix::__private::{CodeLocation, Handler};
use otel_actix::{HttpSettings, HttpTelemetry};
use otel_core::http::Patterns;

use super::support::{PATIENCE, TestServer, Trace, serve, serve_plain};

/// When it is dropped, it sends the current trace, and whether telemetry is suppressed.
struct Tells(Sender<(TraceId, bool)>);

impl Drop for Tells {
    fn drop(&mut self) {
        let current = Context::current();
        let _ = self.0.send((current.span().span_context().trace_id(), current.is_telemetry_suppressed()));
    }
}

/// A handler that sends a message when it runs, and never answers.
async fn stuck(running: Sender<()>, tells: Tells) -> HttpResponse {
    let _tells = tells;
    running.send(()).unwrap();
    std::future::pending().await
}

/// The values that are sent when the server ends while it handles a request.
fn told_at_the_end(server: TestServer, ran: &Receiver<()>, told: &Receiver<(TraceId, bool)>) -> (Trace, TraceId, bool) {
    let trace = Trace::new();
    let mut stream = server.connect();
    stream.write_all(server.head_in(trace, "GET", "/x", "").as_bytes()).unwrap();
    ran.recv_timeout(PATIENCE).unwrap();
    server.kill();
    let (trace_id, is_suppressed) = told.recv_timeout(PATIENCE).unwrap();
    (trace, trace_id, is_suppressed)
}

/// A route to the handler.
macro_rules! app {
    ($running:ident, $tells:ident) => {{
        let (running, tells) = ($running.clone(), $tells.clone());
        App::new().route("/x", web::get().to(move || stuck(running.clone(), Tells(tells.clone()))))
    }};
}

#[test]
fn what_a_handler_held() {
    let ((running, ran), (tells, told)) = (mpsc::channel(), mpsc::channel());
    let server = serve!(move || app!(running, tells));
    let (trace, trace_id, is_suppressed) = told_at_the_end(server, &ran, &told);
    assert_eq!((trace_id, is_suppressed), (trace.id(), false));
}

#[test]
fn what_a_handler_of_an_excluded_request_held() {
    let ((running, ran), (tells, told)) = (mpsc::channel(), mpsc::channel());
    let server = serve_plain!(move || {
        let mut settings = HttpSettings::default();
        settings.excluded_urls = Patterns::search(["^/x"]).unwrap();
        app!(running, tells).wrap(HttpTelemetry::new().with_settings(settings))
    });
    let (_, _, is_suppressed) = told_at_the_end(server, &ran, &told);
    assert!(is_suppressed);
}

#[test]
fn what_a_handler_held_below_another_service() {
    let ((running, ran), (tells, told)) = (mpsc::channel(), mpsc::channel());
    let server = serve!(move || map_config(app!(running, tells), |_| AppConfig::default()));
    let (trace, trace_id, _) = told_at_the_end(server, &ran, &told);
    assert_eq!(trace_id, trace.id());
}

#[test]
fn what_a_handler_held_that_has_a_span_of_its_own() {
    const HERE: CodeLocation = CodeLocation::new("dropped::handler", file!(), 1);
    let ((running, ran), (tells, told)) = (mpsc::channel(), mpsc::channel());
    let server = serve_plain!(move || {
        let (running, tells) = (running.clone(), tells.clone());
        let handler = move |handler: Handler| handler.run(HERE, stuck(running.clone(), Tells(tells.clone())));
        App::new().route("/x", web::get().to(handler))
    });
    let (trace, trace_id, _) = told_at_the_end(server, &ran, &told);
    assert_eq!(trace_id, trace.id());
}

#[test]
fn what_a_body_held() {
    let (tells, told) = mpsc::channel();
    let server = serve!(move || {
        let tells = tells.clone();
        App::new().default_service(web::to(move || {
            let tells = Tells(tells.clone());
            let chunk = move || {
                let Tells(_) = &tells;
                Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 4096]))
            };
            async { HttpResponse::Ok().streaming(stream::repeat_with(chunk)) }
        }))
    });
    let trace = Trace::new();
    let mut stream = server.connect();
    stream.write_all(server.head_in(trace, "GET", "/", "").as_bytes()).unwrap();
    stream.read_exact(&mut [0; 1024]).unwrap();
    drop(stream);
    assert_eq!(told.recv_timeout(PATIENCE).unwrap(), (trace.id(), false));
}

/// As the body of `actix_web::middleware::Logger`, which writes a line when it is dropped.
struct Watched {
    body: BoxBody,
    _tells: Tells,
}

impl MessageBody for Watched {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}

#[test]
fn a_body_that_ended() {
    let (tells, told) = mpsc::channel();
    let server = serve!(move || {
        let tells = tells.clone();
        let watch = from_fn(move |request, next: Next<BoxBody>| {
            let tells = Tells(tells.clone());
            async move {
                let response: ServiceResponse = next.call(request).await?;
                Ok::<_, Error>(response.map_body(|_, body| Watched { body, _tells: tells }))
            }
        });
        let chunks = || stream::iter([Ok(Bytes::from_static(b"one")), Ok(Bytes::from_static(b"two"))]);
        let failing = || stream::iter([Ok(Bytes::from_static(b"one")), Err(io::Error::other("disk is gone"))]);
        App::new()
            .route("/empty", web::to(HttpResponse::Ok))
            .route("/none", web::to(HttpResponse::NoContent))
            .route("/bytes", web::to(|| async { "bytes" }))
            .route("/chunks", web::to(move || async move { HttpResponse::Ok().streaming::<_, Infallible>(chunks()) }))
            .route("/failing", web::to(move || async move { HttpResponse::Ok().streaming(failing()) }))
            .wrap(watch)
    });
    for (path, length) in
        [("/empty", Some("0")), ("/none", None), ("/bytes", Some("5")), ("/chunks", None), ("/failing", None)]
    {
        let (response, span) = server.get(path);
        let declared = response.lines().find_map(|line| line.strip_prefix("content-length: "));
        assert_eq!(declared, length, "{response}");
        let told = told.recv_timeout(PATIENCE).unwrap();
        assert_eq!(told, (span.span_context.trace_id(), false), "{path}");
    }
}
