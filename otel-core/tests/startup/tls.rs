//! `https://` with an authority of our own, and with client certificates.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::process::run;

const CERTIFICATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/startup/certificates/");

fn file(name: &str) -> String {
    format!("{CERTIFICATES}{name}")
}

/// A TLS server that wants a client certificate. Returns its URL, and for each connection whether a request came through.
fn server() -> (String, Receiver<bool>) {
    let certificate = |name: &str| CertificateDer::from_pem_file(file(name)).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate("ca.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate("server.pem")], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let (sender, served) = mpsc::channel();
    // Ends with the test's process.
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            let mut request = [0; 16];
            let came_through = tls.read_exact(&mut request).is_ok() && &request == b"POST /v1/traces ";
            let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = tls.flush();
            // Closing with unread input would reset the connection before the answer is read.
            let _ = tls.read(&mut vec![0; 65536]);
            let _ = sender.send(came_through);
        }
    });
    (url, served)
}

#[test]
fn both_sides_present_certificates() {
    let (url, served) = server();
    let outcome = run(
        "three_spans",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &url),
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", &file("ca.pem")),
            ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", &file("client.pem")),
            ("OTEL_EXPORTER_OTLP_CLIENT_KEY", &file("client.key")),
        ],
    );
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    assert!(served.recv_timeout(Duration::from_secs(10)).unwrap());
}

#[test]
fn a_server_of_an_unknown_authority_is_not_trusted() {
    let (url, served) = server();
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("certificate") && warning.contains("spans lost: 3"), "{warning}");
    assert!(!served.recv_timeout(Duration::from_secs(10)).unwrap());
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let (readme, certificate) = (file("README.md"), file("client.pem"));
    let environment = [
        ("OTEL_TRACES_EXPORTER", "otlp,console"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
        ("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", &readme),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/does/not/exist.pem"),
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", &certificate),
    ];
    let outcome = run("three_spans", &environment);
    assert_eq!((outcome.spans().len(), outcome.success), (3, true), "{outcome:?}");
    let warnings = outcome.messages("WARN");
    for part in ["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE=", "OTEL_EXPORTER_OTLP_CLIENT_KEY=\"/does/not/exist.pem\""] {
        assert_eq!(warnings.iter().filter(|warning| warning.contains(part)).count(), 1, "{part}: {warnings:#?}");
    }
}
