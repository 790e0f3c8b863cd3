//! The endpoint that Prometheus scrapes.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use opentelemetry::Context;
use tokio::net::TcpStream;
use tokio::runtime;

/// Listens on a thread and a runtime of its own, until the process ends: a service that is too busy to answer is still
/// measured. Returns its address.
pub(crate) fn start(host: &str, port: u16) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((host, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    std::thread::Builder::new().name("otel-prometheus".to_owned()).spawn(move || {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        runtime.block_on(accept(listener));
    })?;
    Ok(address)
}

async fn accept(listener: TcpListener) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(connection(stream))),
            // The process may have too many open files now, and fewer later.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
}

async fn connection(stream: TcpStream) {
    let service = service_fn(|request| async move { Ok::<_, Infallible>(answer(&request)) });
    // A broken connection is no fault of this process.
    let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

fn answer(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let is_scrape = request.uri().path() == "/metrics";
    let status = match *request.method() {
        Method::GET | Method::HEAD if is_scrape => StatusCode::OK,
        _ if is_scrape => StatusCode::METHOD_NOT_ALLOWED,
        _ => StatusCode::NOT_FOUND,
    };
    let body = if status == StatusCode::OK { super::scrape() } else { Vec::new() };
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(super::CONTENT_TYPE));
    response
}
