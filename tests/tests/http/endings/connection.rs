//! Connections that break, and servers that stop.

use super::gate::Gate;
use crate::support::observed::Observed;
use crate::support::{TestServer, serve};
use actix_web::{App, web};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, SystemTime};

fn gated() -> (TestServer, Gate) {
    let gate = Gate::new();
    let handler = gate.clone();
    let server = serve!(move || {
        let gate = handler.clone();
        App::new().route("/gate", web::to(move || gate.clone().handle()))
    });
    (server, gate)
}

/// Sends a request, and waits until its handler runs.
fn running(server: &TestServer, gate: &Gate) -> (Observed, TcpStream) {
    let observed = Observed::new();
    let mut stream = server.connect();
    stream.write_all(observed.head(server, "/gate", "").as_bytes()).unwrap();
    gate.wait_until_running();
    observed.wait_until_active();
    (observed, stream)
}

#[test]
fn a_reset_connection_cancels_the_request() {
    let (server, gate) = gated();
    let (observed, stream) = running(&server, &gate);
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    let reset = SystemTime::now();
    drop(stream);
    let span = observed.ended(None, Some("cancelled"));
    assert!(span.end_time >= reset);
    assert_eq!(span.name, observed.method);
}

#[test]
fn a_client_that_only_stops_sending_is_answered() {
    let (server, gate) = gated();
    let (observed, mut stream) = running(&server, &gate);
    stream.shutdown(Shutdown::Write).unwrap();
    let opened = gate.open();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.ends_with("passed"), "{response}");
    let span = observed.ended(Some(200), None);
    assert!(span.end_time >= opened);
    assert_eq!(span.name, format!("{} /gate", observed.method));
}

#[test]
fn a_graceful_stop_waits_for_the_answer() {
    let (server, gate) = gated();
    let (observed, mut stream) = running(&server, &gate);
    server.begin_graceful_stop();
    let opened = gate.open();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.ends_with("passed"), "{response}");
    let span = observed.ended(Some(200), None);
    assert!(span.end_time >= opened);
}

#[test]
fn a_stop_at_once_cancels_the_request() {
    let (server, gate) = gated();
    let (observed, _stream) = running(&server, &gate);
    let stopped = SystemTime::now();
    server.kill();
    let span = observed.ended(None, Some("cancelled"));
    assert!(span.end_time >= stopped);
}

#[test]
fn a_request_body_that_breaks_off_is_answered_by_its_extractor() {
    let server = serve!(|| App::new().route("/body", web::to(|body: web::Bytes| async move { body })));
    let observed = Observed::new();
    let mut stream = server.connect();
    let head = observed.head(&server, "/body", "Content-Length: 10\r\n");
    stream.write_all((head + "half").as_bytes()).unwrap();
    observed.wait_until_active();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut response = String::new();
    let _ = stream.read_to_string(&mut response);
    // actix decides how it ends. It must end once, and not as a success.
    let span = observed.trace.server_span();
    let status = crate::support::text(&span, "http.response.status_code").map(|status| status.parse().unwrap());
    assert!(status.is_none_or(|status: u16| status >= 400), "{span:?}");
    let error_type = crate::support::text(&span, "error.type");
    observed.ended(status, error_type.as_deref());
}
