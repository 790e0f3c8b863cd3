//! Endings that HTTP/2 has of its own: a stream is reset while its connection lives on, and handlers outlive both.

use super::gate::Gate;
use crate::support::http2::{Connection, block_on, read, request};
use crate::support::observed::Observed;
use crate::support::{TestServer, serve_h2c};
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, web};
use futures_util::stream;
use h2::Reason;
use std::convert::Infallible;
use std::time::SystemTime;

async fn panics() -> HttpResponse {
    panic!("on purpose")
}

/// More than fits onto a connection whose client does not read.
async fn large(gate: Gate) -> HttpResponse {
    gate.pass().await;
    HttpResponse::Ok().body(vec![b'x'; 1 << 20])
}

fn server(gate: &Gate) -> TestServer {
    let gate = gate.clone();
    serve_h2c!(move || {
        let (gate, pass) = (gate.clone(), gate.clone());
        App::new()
            .route("/gate", web::to(move || gate.clone().handle()))
            .route("/large", web::to(move || large(pass.clone())))
            .route("/panics", web::to(panics))
            .route("/no-content", web::to(|| async { HttpResponse::NoContent().body("never sent") }))
            .route(
                "/endless",
                web::to(|| async {
                    let chunks = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 4096])));
                    HttpResponse::Ok().streaming(chunks)
                }),
            )
    })
}

fn uri(server: &TestServer, path: &str) -> String {
    format!("http://{}{path}", server.address)
}

#[test]
fn an_ordinary_end() {
    let gate = Gate::new();
    let server = server(&gate);
    let observed = Observed::new();
    let opened = gate.open();
    let (status, body) = block_on(async {
        let mut connection = Connection::new(&server).await;
        read(connection.send(request(&uri(&server, "/gate"), observed.method, observed.trace))).await.unwrap()
    });
    assert_eq!((status.as_u16(), body.as_slice()), (200, b"passed".as_slice()));
    let span = observed.ended(Some(200), None);
    assert!(span.end_time >= opened);
    assert_eq!(span.name, format!("{} /gate", observed.method));
}

#[test]
fn a_panic_resets_its_stream_and_leaves_the_connection() {
    let gate = Gate::new();
    let server = server(&gate);
    let (panicked, after) = (Observed::new(), Observed::new());
    block_on(async {
        let mut connection = Connection::new(&server).await;
        let response = connection.send(request(&uri(&server, "/panics"), panicked.method, panicked.trace));
        let error = read(response).await.unwrap_err();
        assert!(error.is_reset(), "{error}");
        gate.open();
        read(connection.send(request(&uri(&server, "/gate"), after.method, after.trace))).await.unwrap();
    });
    panicked.ended(None, Some("panic"));
    after.ended(Some(200), None);
}

#[test]
fn a_reset_stream_lets_its_handler_finish_but_the_response_is_lost() {
    let gate = Gate::new();
    let server = server(&gate);
    let observed = Observed::new();
    let opened = block_on(async {
        let mut connection = Connection::new(&server).await;
        let request = request(&uri(&server, "/gate"), observed.method, observed.trace);
        let (response, mut stream) = connection.requests.send_request(request, false).unwrap();
        gate.wait_until_running_async().await;
        stream.send_reset(Reason::CANCEL);
        drop((response, stream));
        // Answered on the same connection: the server has seen the reset, which was sent before.
        let mut ping = connection.ping;
        ping.ping(h2::Ping::opaque()).await.unwrap();
        gate.open()
    });
    let span = observed.ended(Some(200), Some("cancelled"));
    assert!(span.end_time >= opened);
}

#[test]
fn a_stream_that_is_reset_while_its_body_is_sent() {
    let gate = Gate::new();
    let server = server(&gate);
    let observed = Observed::new();
    block_on(async {
        let mut connection = Connection::new(&server).await;
        let request = request(&uri(&server, "/endless"), observed.method, observed.trace);
        let mut body = connection.send(request).await.unwrap().into_body();
        assert!(!body.data().await.unwrap().unwrap().is_empty());
        drop(body);
        // The connection has to live on for the reset to be sent.
        let ended = tokio::task::spawn_blocking(move || observed.ended(Some(200), Some("cancelled")));
        ended.await.unwrap();
    });
}

#[test]
fn a_connection_that_is_gone_while_its_body_is_sent() {
    let gate = Gate::new();
    let server = server(&gate);
    let observed = Observed::new();
    block_on(async {
        let mut connection = Connection::new(&server).await;
        let request = request(&uri(&server, "/endless"), observed.method, observed.trace);
        let mut body = connection.send(request).await.unwrap().into_body();
        assert!(!body.data().await.unwrap().unwrap().is_empty());
        connection.driver.abort();
    });
    observed.ended(Some(200), Some("cancelled"));
}

#[test]
fn a_connection_that_is_gone_before_the_answer() {
    let gate = Gate::new();
    let server = server(&gate);
    let observed = Observed::new();
    block_on(async {
        let mut connection = Connection::new(&server).await;
        let request = request(&uri(&server, "/large"), observed.method, observed.trace);
        let response = connection.send(request);
        gate.wait_until_running_async().await;
        connection.driver.abort();
        assert!(response.await.is_err());
    });
    let opened = gate.open();
    // The handler does not notice; the server finds out when it sends the answer.
    let span = observed.ended(Some(200), Some("cancelled"));
    assert!(span.end_time >= opened);
}

#[test]
fn a_server_that_stops_at_once_cancels_its_streams() {
    let gate = Gate::new();
    let server = server(&gate);
    let observed = Observed::new();
    let stopped = block_on(async {
        let mut connection = Connection::new(&server).await;
        let response = connection.send(request(&uri(&server, "/gate"), observed.method, observed.trace));
        gate.wait_until_running_async().await;
        let stopped = SystemTime::now();
        tokio::task::spawn_blocking(move || server.kill()).await.unwrap();
        assert!(response.await.is_err());
        stopped
    });
    let span = observed.ended(None, Some("cancelled"));
    assert!(span.end_time >= stopped);
}

#[test]
fn a_response_without_content_is_no_lost_response() {
    let gate = Gate::new();
    let server = server(&gate);
    let observed = Observed::new();
    let (status, body) = block_on(async {
        let mut connection = Connection::new(&server).await;
        read(connection.send(request(&uri(&server, "/no-content"), observed.method, observed.trace))).await.unwrap()
    });
    assert_eq!((status.as_u16(), body.len()), (204, 0));
    observed.ended(Some(204), None);
}
