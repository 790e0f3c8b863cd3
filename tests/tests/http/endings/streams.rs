//! Bodies that are streamed: children of each chunk, panics between chunks, heads without bodies.

use super::gate::Gate;
use crate::support::observed::Observed;
use crate::support::serve;
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, web};
use futures_util::stream::{self, StreamExt as _};
use opentelemetry::global;
use opentelemetry::trace::{SpanKind, Tracer as _};
use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::time::{Duration, SystemTime};

#[test]
fn the_server_span_outlasts_the_children_of_every_chunk() {
    let server = serve!(|| {
        App::new().route(
            "/chunks",
            web::to(|| async {
                let chunks = stream::iter(0..3).then(|_| async {
                    let child = global::tracer("test").start("chunk");
                    actix_web::rt::time::sleep(Duration::from_millis(5)).await;
                    drop(child);
                    Ok::<_, Infallible>(Bytes::from_static(b"chunk"))
                });
                HttpResponse::Ok().streaming(chunks)
            }),
        )
    });
    let observed = Observed::new();
    let response = observed.send(&server, "/chunks");
    assert_eq!(response.matches("chunk\r\n").count(), 3, "{response}");
    // Every request is checked for children that end after it.
    let span = observed.ended(Some(200), None);
    let spans = observed.trace.spans(4);
    let children: Vec<_> = spans.iter().filter(|child| child.span_kind == SpanKind::Internal).collect();
    assert_eq!(children.len(), 3);
    assert!(children.iter().all(|child| child.parent_span_id == span.span_context.span_id()));
}

#[test]
fn a_panic_between_two_chunks() {
    let server = serve!(|| {
        App::new().route(
            "/panics",
            web::to(|| async {
                let chunks = stream::iter(0..2).map(|n| {
                    assert_eq!(n, 0, "on purpose");
                    Ok::<_, Infallible>(Bytes::from_static(b"chunk"))
                });
                HttpResponse::Ok().streaming(chunks)
            }),
        )
    });
    let observed = Observed::new();
    observed.send(&server, "/panics");
    observed.ended(Some(200), Some("panic"));
}

#[test]
fn a_stream_that_is_reset_while_it_waits_for_its_next_chunk() {
    let gate = Gate::new();
    let handler = gate.clone();
    let server = serve!(move || {
        let gate = handler.clone();
        App::new().route(
            "/waits",
            web::to(move || {
                let gate = gate.clone();
                async move {
                    let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"first"))]);
                    let second = stream::once(async move {
                        gate.pass().await;
                        Ok(Bytes::from_static(b"second"))
                    });
                    HttpResponse::Ok().streaming(Box::pin(first.chain(second)))
                }
            }),
        )
    });
    let observed = Observed::new();
    let mut stream = server.connect();
    stream.write_all(observed.head(&server, "/waits", "").as_bytes()).unwrap();
    gate.wait_until_running();
    observed.wait_until_active();
    stream.read_exact(&mut [0; 64]).unwrap();
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    let reset = SystemTime::now();
    drop(stream);
    let span = observed.ended(Some(200), Some("cancelled"));
    assert!(span.end_time >= reset);
}

#[test]
fn heads_without_a_body_end_with_the_head() {
    let server = serve!(|| {
        App::new()
            .route("/empty", web::to(HttpResponse::Ok))
            .route("/no-content", web::to(|| async { HttpResponse::NoContent().body("never sent") }))
            .route("/not-modified", web::to(HttpResponse::NotModified))
    });
    for (path, status) in [("/empty", 200), ("/no-content", 204), ("/not-modified", 304)] {
        let observed = Observed::new();
        let response = observed.send(&server, path);
        assert!(response.starts_with(&format!("HTTP/1.1 {status}")), "{response}");
        observed.ended(Some(status), None);
    }
}
