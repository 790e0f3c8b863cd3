//! rustls finds its provider by the cargo features of the whole build, and panics if there are two. So none of our
//! default features may bring one: an application with `ring` builds its configurations without naming it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use actix_web::{App, HttpServer, get};
use rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, StreamOwned};

mod collector;

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[actix_web::test]
async fn an_application_with_a_provider_of_its_own_serves_tls() {
    let collector = collector::start();
    let telemetry = otel_actix::builder().exporter_otlp_endpoint(&collector.url).init();
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (certified.cert.der().clone(), certified.signing_key.serialize_der());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], PrivatePkcs8KeyDer::from(key).into())
        .unwrap();
    let server = HttpServer::new(|| App::new().wrap(otel_actix::HttpTelemetry::new()).service(hello))
        .workers(1)
        .bind_rustls_0_23(("127.0.0.1", 0), config)
        .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);

    let answer = actix_web::web::block(move || {
        let mut roots = RootCertStore::empty();
        roots.add(certificate).unwrap();
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(connection, TcpStream::connect(address).unwrap());
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        // The server may close without a TLS message.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    });
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
    handle.stop(false).await;
    telemetry.shutdown();
    assert!(collector.paths().contains(&"/v1/traces".to_owned()), "its span is exported meanwhile");
}
