//! The parent of a span that is started while a request is handled.

use super::support::{Trace, serve};
use actix_web::dev::Service as _;
use actix_web::{App, HttpRequest, HttpResponse, web};
use opentelemetry::global;
use opentelemetry::trace::{SpanKind, Tracer as _};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};

fn child(name: &'static str) {
    drop(global::tracer("test").start(name));
}

#[test]
fn the_span_is_current_in_middlewares_handlers_and_after_each_await() {
    let server = serve!(|| {
        App::new()
            .wrap_fn(|request, service| {
                child("middleware, synchronous part");
                let response = service.call(request);
                async move {
                    let response = response.await;
                    child("middleware, after");
                    response
                }
            })
            .default_service(web::to(|| async {
                child("handler");
                actix_web::rt::task::yield_now().await;
                child("handler, after an await");
                HttpResponse::Ok().finish()
            }))
    });
    let trace = Trace::new();
    server.send_raw(&server.head_in(trace, "GET", "/", ""));
    let spans = trace.spans(5);
    let parent = trace.server_span();
    let children: Vec<_> = spans.iter().filter(|span| span.span_kind == SpanKind::Internal).collect();
    assert_eq!(children.len(), 4);
    for child in children {
        assert_eq!(child.parent_span_id, parent.span_context.span_id(), "{}", child.name);
        assert!(child.end_time <= parent.end_time, "{}", child.name);
    }
}

#[test]
fn no_context_is_left_behind_or_bleeds_between_requests() {
    async fn handler(request: HttpRequest) -> String {
        for _ in 0..5 {
            actix_web::rt::task::yield_now().await;
            child("step");
        }
        drop(request);
        opentelemetry::trace::get_active_span(|span| span.span_context().trace_id().to_string())
    }
    let server = serve!(|| App::new().default_service(web::to(handler)));
    let traces: Vec<Trace> = (0..100).map(|_| Trace::new()).collect();
    std::thread::scope(|scope| {
        for trace in &traces {
            let server = &server;
            scope.spawn(move || {
                let response = server.send_raw(&server.head_in(*trace, "GET", "/", ""));
                assert!(response.ends_with(&trace.id().to_string()), "{response}");
            });
        }
    });
    for trace in traces {
        let spans = trace.spans(6);
        let server_span = trace.server_span();
        assert_eq!(spans.len(), 6);
        assert!(
            spans
                .iter()
                .filter(|span| span.span_kind == SpanKind::Internal)
                .all(|span| span.parent_span_id == server_span.span_context.span_id())
        );
    }
}

#[test]
fn pipelined_requests_have_a_trace_each() {
    let server = serve!(|| App::new().default_service(web::to(|body: web::Bytes| async move { body })));
    let traces: Vec<Trace> = (0..5).map(|_| Trace::new()).collect();
    let mut stream = server.connect();
    let mut requests = String::new();
    for trace in &traces {
        let traceparent = trace.traceparent();
        write!(
            requests,
            "POST /p HTTP/1.1\r\nHost: h\r\ntraceparent: {traceparent}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        )
        .unwrap();
    }
    stream.write_all(requests.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    for _ in &traces {
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        let mut body = [0; 3];
        reader.read_exact(&mut body).unwrap();
        assert_eq!(&body, b"abc");
    }
    for trace in traces {
        assert_eq!(trace.server_span().name, "POST");
    }
}
