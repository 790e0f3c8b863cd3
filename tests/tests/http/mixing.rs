//! Many requests at once: each has its own context.

use super::support::http2::{Connection, block_on, read, request};
use super::support::{TestServer, Trace, serve, serve_h2c};
use actix_web::{App, HttpResponse, web};
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::{SpanKind, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, global};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;
use tokio::sync::Barrier;

/// The current trace and baggage, in a form that a client can compare.
fn current() -> String {
    let context = Context::current();
    let baggage = context.baggage().get("request").map_or_else(|| "none".to_owned(), ToString::to_string);
    format!("{} {baggage}", context.span().span_context().trace_id())
}

/// What [`current`] has to be for a request of this trace that carries its id as baggage.
fn expected(trace: Trace) -> String {
    format!("{0} {0}", trace.id())
}

/// Records the current context, yields, and checks that it is the same.
async fn steps() -> String {
    let at_first = current();
    for _ in 0..5 {
        drop(global::tracer("test").start("step"));
        actix_web::rt::task::yield_now().await;
        assert_eq!(current(), at_first);
    }
    at_first
}

/// One SERVER span, and the five steps as its children.
fn assert_steps(trace: Trace) {
    let spans = trace.spans(6);
    let server = trace.server_span();
    assert_eq!(spans.len(), 6, "{spans:?}");
    let children = spans.iter().filter(|span| span.span_kind == SpanKind::Internal);
    assert!(children.clone().all(|span| span.parent_span_id == server.span_context.span_id()));
    assert_eq!(children.count(), 5);
}

fn head(server: &TestServer, trace: Trace, more: &str) -> String {
    let (address, traceparent, id) = (server.address, trace.traceparent(), trace.id());
    format!("POST / HTTP/1.1\r\nHost: {address}\r\ntraceparent: {traceparent}\r\nbaggage: request={id}\r\n{more}\r\n")
}

/// Reads one response of a connection that stays open.
fn read_one(reader: &mut BufReader<TcpStream>) -> String {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}

#[test]
fn a_hundred_requests_at_the_same_moment() {
    let (barrier, workers) = (Arc::new(Barrier::new(100)), Arc::new(Mutex::new(HashSet::<ThreadId>::new())));
    let seen = Arc::clone(&workers);
    let server = serve!(move || {
        let (barrier, workers) = (Arc::clone(&barrier), Arc::clone(&workers));
        App::new().default_service(web::to(move || {
            let (barrier, workers) = (Arc::clone(&barrier), Arc::clone(&workers));
            async move {
                workers.lock().unwrap().insert(std::thread::current().id());
                // No handler goes on before all are here.
                barrier.wait().await;
                steps().await
            }
        }))
    });
    let requests: Vec<(Trace, TcpStream)> = (0..100).map(|_| (Trace::new(), server.connect())).collect();
    for (trace, stream) in &requests {
        (&*stream).write_all(head(&server, *trace, "").as_bytes()).unwrap();
    }
    for (trace, stream) in requests {
        assert_eq!(read_one(&mut BufReader::new(stream)), expected(trace));
        assert_steps(trace);
    }
    assert_eq!(seen.lock().unwrap().len(), 2, "both workers had some");
}

#[test]
fn connections_that_are_kept_alive() {
    let server = serve!(|| App::new().default_service(web::to(steps)));
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                let mut reader = BufReader::new(server.connect());
                for _ in 0..10 {
                    let trace = Trace::new();
                    reader.get_mut().write_all(head(&server, trace, "").as_bytes()).unwrap();
                    assert_eq!(read_one(&mut reader), expected(trace));
                    assert_steps(trace);
                }
            });
        }
    });
}

#[test]
fn pipelined_requests_with_chunked_bodies() {
    let server = serve!(|| {
        App::new().default_service(web::to(|body: web::Bytes| async move {
            assert_eq!(body, "abc");
            steps().await
        }))
    });
    let traces: Vec<Trace> = (0..20).map(|_| Trace::new()).collect();
    let mut requests = String::new();
    for trace in &traces {
        requests += &head(&server, *trace, "Transfer-Encoding: chunked\r\n");
        write!(requests, "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n").unwrap();
    }
    let mut reader = BufReader::new(server.connect());
    reader.get_mut().write_all(requests.as_bytes()).unwrap();
    for trace in traces {
        assert_eq!(read_one(&mut reader), expected(trace));
        assert_steps(trace);
    }
}

#[test]
fn streams_of_two_connections() {
    let barrier = Arc::new(Barrier::new(100));
    let server = serve_h2c!(move || {
        let barrier = Arc::clone(&barrier);
        App::new().default_service(web::to(move || {
            let barrier = Arc::clone(&barrier);
            async move {
                barrier.wait().await;
                steps().await
            }
        }))
    });
    let traces: Vec<Trace> = (0..100).map(|_| Trace::new()).collect();
    block_on(async {
        let mut connections = [Connection::new(&server).await, Connection::new(&server).await];
        let mut responses = Vec::new();
        for (index, trace) in traces.iter().enumerate() {
            let mut request = request(&format!("http://{}/", server.address), "GET", *trace);
            request.headers_mut().insert("baggage", format!("request={}", trace.id()).parse().unwrap());
            responses.push(connections[index % 2].send(request));
        }
        for (trace, response) in traces.iter().zip(responses) {
            let (_, body) = read(response).await.unwrap();
            assert_eq!(String::from_utf8(body).unwrap(), expected(*trace));
        }
    });
    traces.into_iter().for_each(assert_steps);
}

#[test]
fn baggage_is_that_of_the_request_and_of_no_other() {
    async fn entries() -> String {
        let context = Context::current();
        let mut entries: Vec<_> = context.baggage().iter().map(|(key, (value, _))| format!("{key}={value}")).collect();
        entries.sort();
        entries.join("&")
    }
    let server = serve!(|| App::new().default_service(web::to(entries)));
    let mut reader = BufReader::new(server.connect());
    for (lines, expected) in [
        ("baggage: user=a%20b;secret, plan = paid \r\nbaggage: region=eu\r\n", "plan=paid&region=eu&user=a b"),
        // The next request of the same connection.
        ("", ""),
        ("baggage: ,,=,;\r\n", ""),
        ("BAGGAGE: last=1,last=2\r\n", "last=2"),
    ] {
        let trace = Trace::new();
        let (address, traceparent) = (server.address, trace.traceparent());
        let head = format!("GET / HTTP/1.1\r\nHost: {address}\r\ntraceparent: {traceparent}\r\n{lines}\r\n");
        reader.get_mut().write_all(head.as_bytes()).unwrap();
        assert_eq!(read_one(&mut reader), expected, "{lines}");
        assert!(trace.server_span().attributes.iter().all(|kv| !kv.key.as_str().contains("baggage")));
    }
}

#[test]
fn what_is_spawned_has_no_context_unless_it_is_given_one() {
    let server = serve!(|| {
        App::new().default_service(web::to(|| async {
            let spawned = actix_web::rt::spawn(async {
                actix_web::rt::task::yield_now().await;
                Context::current().has_active_span()
            });
            // The request is still handled while the task runs.
            HttpResponse::Ok().body(format!("{}", spawned.await.unwrap()))
        }))
    });
    let (response, _) = server.get("/");
    assert!(response.ends_with("\r\n\r\nfalse"), "{response}");
}
